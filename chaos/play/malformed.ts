import { http } from '../outside/http.ts'
import { describedProcedures, replaced, type Schema, sampleOf } from '../outside/procedures.ts'
import { rngOf } from '../plan/rng.ts'
import type { Stage } from './play.ts'

const procedures = describedProcedures()

/** What no field takes. */
const garbage = [null, -1, true, { $gt: '' }, 'x'.repeat(70_000)]

/** Throws one input that no schema allows at one procedure, or an unsigned webhook at the door (D3). */
export async function throwMalformed({ world, plan, played }: Stage, draw: number): Promise<void> {
  const rng = rngOf(draw)
  const wrong = (what: string) => played.seen.push({ check: 'D3', what })
  if (rng.next() < 0.15) {
    const answer = await http('POST', world.webhookUrl, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'AAAA' },
      body: new URLSearchParams({ From: plan.people[0] ?? '', Body: 'STOP' }).toString(),
    })
    count(played.malformed, answer.status)
    if (answer.status > 0 && answer.status < 400) wrong(`an unsigned webhook was answered ${answer.status}`)
    return
  }
  const { service, path, schema } = rng.pick(procedures)
  const sample = sampleOf(schema, { number: plan.people[0], accountId: plan.accounts[0]?.accountId })
  const broken = breakOne(schema, sample, rng.next(), rng.pick(garbage))
  const answer = await world.ask(service, path, broken)
  count(played.malformed, answer.status)
  if (answer.status >= 200 && answer.status < 400)
    wrong(`${path} took ${JSON.stringify(broken).slice(0, 120)}`)
  if (answer.status >= 400 && answer.reason === null)
    wrong(`${path} refused with no typed reason: ${answer.status} ${answer.text.slice(0, 120)}`)
  if (answer.status === 500) wrong(`${path} failed: ${answer.text.slice(0, 120)}`)
}

function count(counts: { refused: number; unanswered: number }, status: number): void {
  if (status >= 400 && status < 500) counts.refused++
  else counts.unanswered++
}

/** An object with one required field broken, or with one that nobody knows. */
function breakOne(schema: Schema, sample: unknown, chance: number, value: unknown): unknown {
  const required = schema.required ?? []
  const field = required[Math.floor(chance * (required.length + 1))]
  if (field === undefined) return replaced(sample, ['unknownToAll'], value)
  return replaced(sample, [field], value)
}

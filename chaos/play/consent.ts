import type { CallAnswer } from '../outside/http.ts'
import type { Of } from '../plan/plan.ts'
import type { Stage } from './play.ts'

interface OptedOut {
  epoch: string
  rev: number
  results: { number: string; rev: number; outcome: string; replayed: boolean }[]
}

/** Any copy of compliance may be asked, and is, in turn. */
let turn = 0
const anyCompliance = () => (turn++ % 2 === 0 ? 'compliance' : 'compliance-2')

/** Repeats the call until it is answered, and once more where told: the same changes stand. */
async function optOut({ world, played }: Stage, input: object, repeats = 0): Promise<CallAnswer<OptedOut>> {
  const answer = await world.insist<OptedOut>(anyCompliance(), 'consent.optOut', input)
  for (let again = 0; again < repeats && answer.data; again++) {
    const { data } = await world.insist<OptedOut>(anyCompliance(), 'consent.optOut', input)
    const same = data?.results.every(
      ({ rev, outcome, replayed }, i) =>
        replayed && rev === answer.data?.results[i]?.rev && outcome === answer.data?.results[i]?.outcome,
    )
    if (!same) played.seen.push({ check: 'E4', what: 'a repeated opt-out got another answer than the first' })
  }
  return answer
}

export async function optOutByHand(stage: Stage, act: Of<'opt-out by hand'>, source: string): Promise<void> {
  const { plan, played } = stage
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  const input = { accountId, numbers: act.people, cause: 'phone-call', source, actor: 'Ann' }
  const answer = await optOut(stage, input, act.repeats)
  if (!answer.data)
    return void played.seen.push({ check: 'E7', what: `an opt-out by hand was refused: ${answer.text}` })
  const { at: ackedAt } = answer
  for (const number of act.people)
    played.said.push({ word: 'stop', accountId, number, source, by: 'hand', ackedAt })
}

export async function runImport(stage: Stage, act: Of<'import'>, source: string): Promise<void> {
  const { plan, played } = stage
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  for (const [call, numbers] of act.calls.entries()) {
    const input = { accountId, numbers, cause: 'import', source: `${source}-${call}` }
    const { data, text, at } = await optOut(stage, input, call === 0 ? 1 : 0)
    if (!data) played.seen.push({ check: 'E7', what: `an import was refused: ${text}` })
    else for (const number of numbers) played.said.push(importSaid(accountId, number, input.source, at))
  }
}

const importSaid = (accountId: string, number: string, source: string, ackedAt: number) => ({
  word: 'stop' as const,
  accountId,
  number,
  source,
  by: 'import' as const,
  ackedAt,
})

/** Names the block seen; a block named by another rev than it has is not lifted (E5). */
export async function optInByHand(stage: Stage, act: Of<'opt-in by hand'>, source: string): Promise<void> {
  const { world, plan, played } = stage
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  const status = await world.insist<{ blocks: { list: string; epoch: string; rev: number }[] }[]>(
    anyCompliance(),
    'consent.status',
    { accountId, numbers: [act.person] },
  )
  const block = status.data?.[0]?.blocks.find(({ list }) => list === 'own')
  if (!block) return
  const rev = act.stale ? block.rev - 1 : block.rev
  if (rev < 1) return
  const { data } = await world.insist<{ outcome: string; rev: number }>(anyCompliance(), 'consent.optIn', {
    accountId,
    number: act.person,
    cause: 'asked-by-phone',
    source,
    actor: 'Ann',
    note: 'asked to be texted again',
    basis: { epoch: block.epoch, rev },
  })
  if (act.stale && data?.outcome === 'lifted')
    played.seen.push({ check: 'E5', what: 'a block was lifted by hand that was named by another rev' })
  if (!act.stale && data?.outcome === 'lifted')
    played.lifts.push({ accountId, number: act.person, basis: rev, rev: data.rev })
}

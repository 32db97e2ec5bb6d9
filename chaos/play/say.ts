import { setTimeout as sleep } from 'node:timers/promises'
import { newSid, webhook } from '../outside/carrier.ts'
import type { Of } from '../plan/plan.ts'
import { patience } from '../system/patience.ts'
import type { Stage } from './play.ts'
import { tooLate } from './played.ts'

/** No outage lasts that long. */
const sayWithinMs = 60_000

/** A person gives up; what was said is found all the same (E7). */
const personTriesMax = 3

/** Says it until it is answered with success: a carrier repeats the message, a person says it anew a few times. */
export async function say({ world, plan, played, log }: Stage, act: Of<'say'>): Promise<void> {
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  const { word, person: number, by } = act
  const note = (source: string | null, ackedAt: number | null) =>
    played.said.push({ word, accountId, number, source, by, ackedAt })
  const wrong = (what: string) => played.seen.push({ check: 'E7', what })
  const sid = newSid()
  const isOver = patience(sayWithinMs)
  const triesMax = by === 'direct' ? Number.POSITIVE_INFINITY : personTriesMax
  for (let attempt = 0; attempt < triesMax && !isOver() && !world.hasGivenUp(); attempt++) {
    if (by === 'direct') {
      const said = { from: number, to: act.to, body: act.body, sid }
      const again = attempt === 0 ? act.duplicates : 0
      const answers = await Promise.all(
        Array.from({ length: 1 + again }, () => webhook(world.webhookUrl, world.system.secrets, said)),
      )
      log(`${word} (${by}) was answered ${answers.map(({ status }) => status)}`)
      const acks = answers.filter(({ status }) => status >= 200 && status < 300).map(({ at }) => at)
      const refused = answers.find(({ status }) => status >= 400 && status < 500)
      if (refused) wrong(`a signed ${word} was answered ${refused.status}`)
      if (acks.length > 0) return void note(sid, Math.min(...acks))
    } else {
      const { to, body, delayMs, duplicates, optOutType } = act
      const said = { to, body, delayMs, duplicates, ...(optOutType ? { optOutType } : {}) }
      const answer = await world.carrier.reply(number, attempt === 0 ? said : { to, body })
      log(`${word} (${by}) was answered ${answer.status}`)
      const isTaken = answer.status >= 200 && answer.status < 300
      note(answer.messageSid, isTaken ? answer.at : null)
      if (answer.status >= 400 && answer.status < 500) wrong(`a ${word} was answered ${answer.status}`)
      if (isTaken) return
    }
    // A START counts as later than a STOP from the next second of the carrier's clock on.
    await sleep(Math.min(1_200 * 3 ** attempt, 20_000))
  }
  if (by === 'direct')
    played.seen.push(tooLate(`a ${word} was not answered with success within ${sayWithinMs / 1_000} s`))
}

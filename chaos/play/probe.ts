import { setTimeout as sleep } from 'node:timers/promises'
import { passesAgainWithinMs } from '../checks/limits.ts'
import { patience } from '../system/patience.ts'
import type { Stage } from './play.ts'
import { tooLate } from './played.ts'
import { runBroadcast, runSequence } from './sendings.ts'

/** When all is quiet, a text of each account by each sender is on its phone soon (E12); tells after how many ms. */
export async function probe(stage: Stage): Promise<number> {
  const { world, plan, played } = stage
  const began = performance.now()
  await Promise.all(
    plan.accounts.map(async ({ numbers }, account) => {
      const people = plan.probed[account] ?? []
      const texts = { at: 0, account, from: numbers[0] ?? '', people, later: [] }
      await runBroadcast(stage, { ...texts, does: 'broadcast', ratePerSecond: 100 }, `<P${account * 2}>`)
      await runSequence(stage, { ...texts, does: 'sequence', delays: [0] }, `<P${account * 2 + 1}>`)
    }),
  )
  let missing = 0
  const isOver = patience(passesAgainWithinMs)
  while (!isOver()) {
    const phones = await Promise.all(plan.probed.flat().map((number) => world.carrier.phone(number)))
    missing = phones.filter((texts) => (texts?.length ?? 0) < 2).length
    if (missing === 0) return performance.now() - began
    await sleep(100)
  }
  const within = `within ${passesAgainWithinMs / 1_000} s after the faults`
  played.seen.push(tooLate(`${missing} phones got no text ${within}`))
  return performance.now() - began
}

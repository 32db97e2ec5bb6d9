import { judge } from './checker/judge.ts'
import type { Plan } from './scenario/plan.ts'
import { runSeed } from './scenario/run-seed.ts'
import { reduced, shrink } from './shrink.ts'

/** Prints the shortest history found of a seed: what was done to the world, what was asked and answered, what is wrong. */
export async function tellHistory(seed: number, change: (plan: Plan) => Plan): Promise<void> {
  const { faults, acts } = await shrink(seed, change)
  const without = { faults: new Set(faults), acts: new Set(acts) }
  const run = await runSeed(seed, (plan) => reduced(change(plan), without))
  const { history, world } = run
  const { violations } = judge(run)
  console.log(`\nseed ${seed}, without ${faults.length} of its faults and ${acts.length} of its acts:`)
  const lines = [
    ...history.notes.map(({ at, text }) => ({ at, text })),
    ...history.calls.map(({ at, kind, account, source, numbers, answeredAt, output }) => {
      const answer = output?.results
        .map(({ rev, outcome, list }) => `rev ${rev} ${list} ${outcome}`)
        .slice(0, 3)
        .join(', ')
      const ended = answeredAt === null ? 'never answered' : `answered at ${answeredAt.toFixed(1)}: ${answer}`
      return { at, text: `${kind} ${source} of ${numbers.slice(0, 2).join(' ')} for ${account}; ${ended}` }
    }),
    ...history.heard.map(({ at, kind, sender, account, number, source }) => ({
      at,
      text: `${sender} hears the ${kind} of ${source} about ${number} of ${account}`,
    })),
  ]
  for (const { at, text } of lines.sort((a, b) => a.at - b.at))
    console.log(`${at.toFixed(1).padStart(10)}  ${text}`)
  console.log(
    `drift up to ${world.plan.driftMax * 100} %, ${world.plan.instances} instances, NATS ${world.plan.hasBus ? 'there' : 'away'}`,
  )
  for (const { invariant, text } of violations) console.log(`  ${invariant}: ${text}`)
}

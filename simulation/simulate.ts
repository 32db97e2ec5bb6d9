import { type Judgement, judge } from './checker/judge.ts'
import type { Plan } from './scenario/plan.ts'
import { runSeed } from './scenario/run-seed.ts'
import { add, noTotals, type Totals } from './totals.ts'

/** What makes a world worse than the protocol promises to survive: mutants of the environment. */
export const worldChanges = {
  'fast-drift': (plan: Plan): Plan => ({ ...plan, driftMax: 0.25 }),
  'pause-after-gate': (plan: Plan): Plan => ({ ...plan, pauseAfterGateMs: 400 }),
} as const
export type WorldChange = keyof typeof worldChanges

/** Plays one seed and judges it. What nobody caught in it counts, too. */
export async function simulateSeed(seed: number, change?: (plan: Plan) => Plan): Promise<Judgement> {
  const uncaught: string[] = []
  const onUncaught = (error: unknown) =>
    void uncaught.push(error instanceof Error ? error.message : String(error))
  process.on('unhandledRejection', onUncaught)
  try {
    const judgement = judge(await runSeed(seed, change))
    const alarms = uncaught.map((text) => ({ invariant: 'alarm' as const, text: `nobody caught: ${text}` }))
    return { ...judgement, violations: [...judgement.violations, ...alarms] }
  } finally {
    process.off('unhandledRejection', onUncaught)
  }
}

/** Plays seeds one after another: every `step`-th from `from`, `count` of them, or until the first violation. */
export async function simulateSeeds(options: {
  from: number
  count: number
  step: number
  stopAtFirst: boolean
  change?: (plan: Plan) => Plan
  onSeed?: (seed: number) => void
}): Promise<Totals> {
  const totals = noTotals()
  for (let index = 0; index < options.count; index++) {
    const seed = options.from + index * options.step
    options.onSeed?.(seed)
    const { violations, sends, holds, worstStalenessMs } = await simulateSeed(seed, options.change)
    const first = violations[0]
    add(totals, {
      seeds: 1,
      sends,
      holds,
      worstStalenessMs,
      violations: violations.length,
      ...(first ? { seed, invariant: first.invariant } : {}),
    })
    if (options.stopAtFirst && first) break
  }
  return totals
}

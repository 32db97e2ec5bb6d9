import type { Judgement } from './checker/judge.ts'
import type { Plan } from './scenario/plan.ts'
import { simulateSeed } from './simulate.ts'

const runsMax = 120

/**
 * Looks for a shorter history with the same violation: leaves out faults and acts one by one, for as long as what
 * is left still shows it. Returns what may be left out, and what is seen then.
 */
export async function shrink(
  seed: number,
  change: (plan: Plan) => Plan,
): Promise<{ faults: readonly number[]; acts: readonly number[]; judgement: Judgement }> {
  const whole = await simulateSeed(seed, change)
  const invariant = whole.violations[0]?.invariant
  const without = { faults: new Set<number>(), acts: new Set<number>() }
  let judgement = whole
  let size = { faults: 0, acts: 0 }
  let runs = 0
  const attempt = async (kind: 'faults' | 'acts', index: number) => {
    without[kind].add(index)
    const tried = await simulateSeed(seed, (plan) => reduced(change(plan), without))
    runs += 1
    if (tried.violations.some((violation) => violation.invariant === invariant)) judgement = tried
    else without[kind].delete(index)
  }
  await simulateSeed(seed, (plan) => {
    const changed = change(plan)
    size = { faults: changed.faults.length, acts: changed.acts.length }
    return changed
  })
  for (const kind of ['faults', 'acts'] as const)
    for (let index = 0; index < size[kind] && runs < runsMax; index++) await attempt(kind, index)
  return { faults: [...without.faults], acts: [...without.acts], judgement }
}

/** The plan with some of its faults and acts left out; chance is drawn before, so the rest stays as it was. */
export function reduced(
  plan: Plan,
  without: { faults: ReadonlySet<number>; acts: ReadonlySet<number> },
): Plan {
  return {
    ...plan,
    faults: plan.faults.filter((_, index) => !without.faults.has(index)),
    acts: plan.acts.filter((_, index) => !without.acts.has(index)),
  }
}

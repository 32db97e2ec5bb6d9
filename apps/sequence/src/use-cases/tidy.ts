import type { AccountId } from '@heed/phone'
import type { Enrolments } from '../store/enrolments.ts'
import type { Sequences } from '../store/sequences.ts'
import type { CarryOn } from './carry-on.ts'
import type { EndSequence } from './end-sequence.ts'
import type { Texting } from './texting.ts'

const perPass = 500
const passesMax = 20
const endingMs = 10_000

/** What crashes left behind, and what no hint told of. Any number of copies may run it. */
export function tidy(deps: {
  sequences: Pick<Sequences, 'ending'>
  enrolments: Pick<Enrolments, 'toCheck'>
  outbound: Pick<Texting, 'now'>
  carryOn: CarryOn
  endSequence: EndSequence
}) {
  return async (signal: AbortSignal): Promise<void> => {
    for (const sequence of await deps.sequences.ending(perPass)) {
      if (signal.aborted) return
      await deps.endSequence(sequence, endingMs)
    }
    for (let pass = 0; pass < passesMax && !signal.aborted; pass++) {
      const due = await deps.enrolments.toCheck(deps.outbound.now(), perPass)
      await carryOnAll(
        deps.carryOn,
        due.map(({ accountId, id }) => [accountId, id] as const),
      )
      if (due.length < perPass) return
    }
  }
}

/** Each account by itself: what fails for one does not hold up another. Throws the first failure at the end. */
export async function carryOnAll(
  carryOn: CarryOn,
  enrolments: readonly (readonly [AccountId, string])[],
): Promise<void> {
  const byAccount = Map.groupBy(enrolments, ([accountId]) => accountId)
  const results = await Promise.allSettled(
    [...byAccount].map(([accountId, some]) =>
      carryOn(
        accountId,
        some.map(([, id]) => id),
      ),
    ),
  )
  const failed = results.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw failed.reason
}

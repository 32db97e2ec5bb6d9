import type { PhoneNumber } from '@heed/phone'
import type { CheckInput } from '../src/index.ts'
import { epoch, type HandClock, optedOut } from './support.ts'

/** A change as its person saw it: acknowledged at an instant, with the next rev of the account. */
export interface Change {
  readonly number: PhoneNumber
  readonly blocks: boolean
  readonly rev: number
  readonly at: number
}

/** The truth about one account: what was committed, in order, and nothing that could be stale. */
export function simulatedAuthority(clock: HandClock) {
  const changes: Change[] = []
  const stateAt = (number: PhoneNumber, rev: number) =>
    changes.findLast((change) => change.number === number && change.rev <= rev)
  return {
    changes,
    stateAt,
    now: (number: PhoneNumber) => stateAt(number, changes.length),
    commit(number: PhoneNumber, blocks: boolean): Change {
      const change = { number, blocks, rev: changes.length + 1, at: clock.monoMs() }
      changes.push(change)
      return change
    },
    /** When the account moved on from this rev. */
    leftAt: (rev: number) => changes[rev]?.at ?? Number.POSITIVE_INFINITY,
    answer: (input: CheckInput) =>
      input.asks.map(({ numbers }) => ({
        epoch,
        rev: changes.length,
        leaseMs: 500,
        policy: { v: 1 },
        verdicts: numbers.map((number) => {
          const state = stateAt(number, changes.length)
          return state?.blocks
            ? { allowed: false, reasons: [{ ...optedOut, rev: state.rev }] }
            : { allowed: true, reasons: [] }
        }),
      })),
  }
}

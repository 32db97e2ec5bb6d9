import type { OutboundOptions } from '@heed/outbound'
import type { AccountId } from '@heed/phone'
import { type Logger, startLoop } from '@heed/service'
import type { SequenceDocument } from './store/sequence-document.ts'
import type { CarryOn } from './use-cases/carry-on.ts'
import { carryOnAll } from './use-cases/tidy.ts'

type OnSettled = NonNullable<OutboundOptions<SequenceDocument>['onSettled']>

/**
 * Brings enrolments on as soon as their texts have ended, many at a time. What a crash or a failure loses here the
 * sweep finds by the rows.
 */
export function startSettledTexts(deps: { carryOn: CarryOn; log: Logger }): AsyncDisposable & {
  onSettled: OnSettled
} {
  let settled: (readonly [AccountId, string])[] = []
  const loop = startLoop({
    name: 'settled texts',
    everyMs: 60_000,
    log: deps.log,
    run: async () => {
      const taken = settled
      settled = []
      await carryOnAll(deps.carryOn, taken)
    },
  })
  return {
    onSettled({ a, owner }) {
      settled.push([a, owner])
      loop.wake()
    },
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  }
}

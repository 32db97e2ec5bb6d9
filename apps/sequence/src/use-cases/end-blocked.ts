import type { OutboundOptions } from '@heed/outbound'
import type { Enrolments } from '../store/enrolments.ts'
import type { SequenceDocument } from '../store/sequence-document.ts'
import type { CarryOn } from './carry-on.ts'
import type { Texting } from './texting.ts'

type EndBlocked = NonNullable<OutboundOptions<SequenceDocument>['elsewhere']>['end']

/**
 * Ends the enrolments of a number that the authority says is blocked. They are marked first, durably: a worker
 * that is just bringing one to its next step finds the mark, and a crash in between leaves nothing behind.
 */
export function endBlocked(deps: {
  enrolments: Pick<Enrolments, 'block'>
  outbound: Pick<Texting, 'now'>
  carryOn: CarryOn
}): EndBlocked {
  return async (a, number, reasons) => {
    const ids = await deps.enrolments.block(a, number, reasons, deps.outbound.now())
    await deps.carryOn(a, ids)
  }
}

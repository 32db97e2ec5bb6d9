import { cancelReasons } from '../domain/next-move.ts'
import type { Enrolments } from '../store/enrolments.ts'
import type { SequenceDocument } from '../store/sequence-document.ts'
import type { Sequences } from '../store/sequences.ts'
import type { CarryOn } from './carry-on.ts'
import type { Texting } from './texting.ts'

export type EndSequence = (sequence: SequenceDocument) => Promise<void>

/** A caller waits for no more than this; the rest is ended in the background. */
const withinMs = 2_000
const perPass = 500

/** Ends what waits in a cancelled sequence. What is in flight ends by its own result, and its enrolment then. */
export function endSequence(deps: {
  sequences: Pick<Sequences, 'ended'>
  enrolments: Pick<Enrolments, 'active'>
  outbound: Pick<Texting, 'texts' | 'now'>
  carryOn: CarryOn
  monoMs: () => number
}): EndSequence {
  const { enrolments, outbound } = deps
  return async (sequence) => {
    const { _id: id, a } = sequence
    const lane = { a, lane: id }
    const reasons = cancelReasons(sequence)
    if (!reasons) return
    const until = deps.monoMs() + withinMs
    let before: readonly string[] = []
    while (deps.monoMs() < until) {
      if ((await outbound.texts.suppressLane(lane, reasons, outbound.now())) > 0) continue
      const active = await enrolments.active({ a, sequence: id }, perPass)
      if (active.length === 0) {
        if (!(await outbound.texts.hasWaiting(lane))) await deps.sequences.ended({ a, id })
        return
      }
      // The same ones again: they are in flight, and are looked at again later.
      if (active.length === before.length && active.every((one) => before.includes(one))) return
      await deps.carryOn(a, active)
      before = active
    }
  }
}

import { cancelReasons } from '../domain/next-move.ts'
import type { Enrolments } from '../store/enrolments.ts'
import type { SequenceDocument } from '../store/sequence-document.ts'
import type { Sequences } from '../store/sequences.ts'
import type { CarryOn } from './carry-on.ts'
import type { Texting } from './texting.ts'

export type EndSequence = (sequence: SequenceDocument, withinMs?: number) => Promise<void>

/** A caller waits for no more than this; the rest is ended in the background. */
const callerWaitsMs = 2_000
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
  return async (sequence, withinMs = callerWaitsMs) => {
    const { _id: id, a } = sequence
    const lane = { a, lane: id }
    const reasons = cancelReasons(sequence)
    if (!reasons) return
    const until = deps.monoMs() + withinMs
    let after: string | null = null
    while (deps.monoMs() < until) {
      if ((await outbound.texts.suppressLane(lane, reasons, outbound.now())) > 0) continue
      const active = await enrolments.active({ a, sequence: id }, after, perPass)
      await deps.carryOn(a, active)
      if (active.length === perPass) {
        after = active.at(-1) ?? null
        continue
      }
      const isOver =
        (await enrolments.active({ a, sequence: id }, null, 1)).length === 0 &&
        !(await outbound.texts.hasWaiting(lane))
      if (isOver) await deps.sequences.ended({ a, id })
      return
    }
  }
}

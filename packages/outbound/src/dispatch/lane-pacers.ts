import type { LaneId } from '../store/text-claims.ts'
import type { ClaimedText } from '../store/text-document.ts'
import type { Pacer } from './pacer.ts'

/** Where claimed texts of each lane get slots, while this process works on the lane. */
export function lanePacers(giveBack: (text: ClaimedText) => void) {
  const pacers = new Map<string, Pacer<ClaimedText>>()
  return {
    onPacer({ lane }: LaneId, pacer: Pacer<ClaimedText> | null): void {
      if (pacer) pacers.set(lane, pacer)
      else pacers.delete(lane)
    },
    /** Another slot for a text that could not use its own. */
    again(text: ClaimedText): void {
      const pacer = pacers.get(text.lane)
      if (pacer) pacer.add([text])
      else giveBack(text)
    },
  }
}

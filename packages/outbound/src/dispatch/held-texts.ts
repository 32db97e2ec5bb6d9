import type { LaneId } from '../store/text-claims.ts'
import { type ClaimedText, claimKey } from '../store/text-document.ts'

/** What this process has claimed: how much of it, and of which lanes. */
export interface HeldTexts {
  add(texts: readonly ClaimedText[]): void
  remove(text: ClaimedText): void
  all(): ClaimedText[]
  readonly size: number
  ofLane(lane: LaneId): number
}

/** `onLaneEmpty` is told when the last text of a lane has left this process's hands. */
export function heldTexts(onLaneEmpty: (lane: LaneId) => void): HeldTexts {
  const texts = new Map<string, ClaimedText>()
  const lanes = new Map<string, number>()
  return {
    get size() {
      return texts.size
    },
    add(added) {
      for (const text of added) {
        texts.set(claimKey(text), text)
        lanes.set(text.lane, (lanes.get(text.lane) ?? 0) + 1)
      }
    },
    remove(text) {
      if (!texts.delete(claimKey(text))) return
      const left = (lanes.get(text.lane) ?? 1) - 1
      if (left > 0) return void lanes.set(text.lane, left)
      lanes.delete(text.lane)
      onLaneEmpty({ a: text.a, lane: text.lane })
    },
    all: () => [...texts.values()],
    ofLane: ({ lane }) => lanes.get(lane) ?? 0,
  }
}

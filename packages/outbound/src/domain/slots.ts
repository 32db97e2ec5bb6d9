/** How far ahead slots are reserved: a crash or a pause wastes or lets pass no more than this. */
export const horizonMs = 100
/** How far before its end a reservation is followed by the next, so that a slow answer makes no gap. */
export const aheadMs = 50
/** How long before its slot a text is brought on its way, so that its first byte is there when the slot begins. */
export const leadMs = 25

/** A text that is later than this for its slot waits for another, so that a stall is not followed by a burst. */
export const slotMissedMs = 250

/** How many of the first items fit into one reservation: 100 ms worth of segments, but always one item. */
export function reservable(segments: readonly number[], ratePerSecond: number | null): number {
  if (ratePerSecond === null) return segments.length
  const room = (ratePerSecond * horizonMs) / 1_000
  let sum = 0
  let count = 0
  for (const cost of segments) {
    sum += cost
    if (count > 0 && sum > room) break
    count++
  }
  return count
}

/** When each item's slot begins, in ms after the reservation's beginning. */
export function slotOffsets(segments: readonly number[], ratePerSecond: number | null): number[] {
  if (ratePerSecond === null) return segments.map(() => 0)
  let before = 0
  return segments.map((cost) => {
    const offset = (before * 1_000) / ratePerSecond
    before += cost
    return offset
  })
}

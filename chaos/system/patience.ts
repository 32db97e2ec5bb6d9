import { availableParallelism, loadavg } from 'node:os'

/** How many processes want to run for each core that could run one: so much longer everything takes. */
export const crowding = (): number =>
  Math.min(mostCrowded, Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()))

/** Beyond this the deadlines of half a second are missed for want of a processor, and waiting on proves nothing. */
const mostCrowded = 4

export const isTooCrowded = (): boolean => crowding() >= mostCrowded

/**
 * Tells whether so much time has passed as counts on a machine of its own: what has to be quiet within a time cannot
 * be where others take the processor. What has to hold at every instant knows no patience.
 */
export function patience(ms: number): () => boolean {
  let left = ms
  let last = performance.now()
  return () => {
    const now = performance.now()
    left -= (now - last) / crowding()
    last = now
    return left < 0
  }
}

import type { InstanceStore } from '../../store/instances.ts'

/** How often an instance says that it serves. */
export const beatEveryMs = 500
const watchMs = 3.5 * beatEveryMs

/**
 * Whether an instance of compliance serves from this database: one whose beats rise while they are watched. A
 * restored database tells of instances of then, whose beats stand still.
 */
export async function someoneServes(
  instances: Pick<InstanceStore, 'beats'>,
  wait: (ms: number) => Promise<void>,
): Promise<boolean> {
  const before = await instances.beats()
  await wait(watchMs)
  const after = await instances.beats()
  // One beat alone is of an instance that found a restore under way and did not start.
  return [...after].some(([id, beats]) => beats - (before.get(id) ?? 0) > 1)
}

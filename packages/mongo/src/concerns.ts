import type { ReadConcernLike, WriteConcernSettings } from 'mongodb'

/**
 * Acknowledged by a majority, in their journals: MongoDB does not roll it back. Not confirmed within 5 s is
 * an unknown outcome (see `isUnknownOutcome`), not a failure: the write may stand all the same.
 */
export const majorityWrite = {
  w: 'majority',
  journal: true,
  wtimeoutMS: 5_000,
} as const satisfies WriteConcernSettings

/** `majorityWrite` for the safety path, whose sockets wait 450 ms. */
export const safetyMajorityWrite = {
  w: 'majority',
  journal: true,
  wtimeoutMS: 400,
} as const satisfies WriteConcernSettings

/**
 * The read reflects every majority write acknowledged before it began, or does not return: a stale primary
 * cannot answer it. Only on a primary, always with maxTimeMS (MongoDB manual, "Linearizable Read Concern").
 */
export const linearizableRead = { level: 'linearizable' } as const satisfies ReadConcernLike

/** Only what a majority holds, so nothing that can be rolled back; may be older than the newest write. */
export const majorityRead = { level: 'majority' } as const satisfies ReadConcernLike

/** One point in time for every document of one read, made of what a majority holds. */
export const snapshotRead = { level: 'snapshot' } as const satisfies ReadConcernLike

/** `maxTimeMS` of each call on the safety path: the server gives up before the socket does. */
export const safetyMaxTimeMs = 400

/** `maxTimeMS` for everything else that answers a caller. */
export const ordinaryMaxTimeMs = 5_000

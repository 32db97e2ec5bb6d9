import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoSystemError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
} from 'mongodb'

const duplicateKey = 11_000

/**
 * A unique index refused the write. For a bulk write: each refusal in it was that and nothing else went
 * wrong, so every other document of an unordered one stands.
 */
export function isDuplicateKey(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false
  if (!(error instanceof MongoBulkWriteError)) return error.code === duplicateKey
  const refusals = [error.writeErrors].flat()
  return (
    refusals.length > 0 &&
    refusals.every(({ code }) => code === duplicateKey) &&
    error.result.getWriteConcernError() === undefined
  )
}

/** Codes after which a write may or may not stand, or stands only where it can be rolled back. */
const unsettling = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  50, // MaxTimeMSExpired
  64, // WriteConcernFailed (also: WriteConcernTimeout)
  79, // UnknownReplWriteConcern
  89, // NetworkTimeout
  91, // ShutdownInProgress
  96, // OperationFailed: the disk takes no writes
  100, // UnsatisfiableWriteConcern
  134, // ReadConcernMajorityNotAvailableYet
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  262, // ExceededTimeLimit
  462, // IngressRequestRateLimitExceeded
  9001, // SocketException
  10_058, // LegacyNotPrimary
  10_107, // NotWritablePrimary
  11_600, // InterruptedAtShutdown
  11_601, // Interrupted
  11_602, // InterruptedDueToReplStateChange
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
  14_031, // OutOfDiskSpace
])

/**
 * The caller cannot know from this error whether its write stands: network, timeout, no primary, a primary
 * that stepped down, a write concern not confirmed. The way on is to read again and to repeat a conditional
 * write. A few such errors mean for sure that nothing was written; they count as unknown too, because
 * reading again is right for them as well.
 */
export function isUnknownOutcome(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false
  if (error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('SystemOverloadedError')) return true
  if (error instanceof MongoBulkWriteError && mayStand(error)) return true
  if (error instanceof MongoServerError) {
    return error instanceof MongoWriteConcernError || unsettling.has(Number(error.code))
  }
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoSystemError ||
    error instanceof MongoOperationTimeoutError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    error.name === 'MongoWaitQueueTimeoutError' ||
    error.name === 'MongoClientClosedError'
  )
}

/** Not confirmed; or the driver's wrapping of what was no answer at all, which has neither code nor refusals. */
function mayStand(error: MongoBulkWriteError): boolean {
  const isAnswer = error.code !== undefined || [error.writeErrors].flat().length > 0
  return !isAnswer || error.result.getWriteConcernError() !== undefined
}

/** The message was not acknowledged: not connected, no answer in time, or the server refused it. It may be stored. */
export class BusUnavailableError extends Error {
  override name = 'BusUnavailableError'
}

/** What was to be published does not match its contract; nothing was sent. */
export class MalformedEventError extends Error {
  override name = 'MalformedEventError'
}

/** A stream of that name stands with another retention or storage, which no update can change. */
export class StreamConflictError extends Error {
  override name = 'StreamConflictError'
}

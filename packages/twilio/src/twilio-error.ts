/**
 * Twilio did not answer, answered with an error, or with something unreadable. Its own error texts hold phone
 * numbers, so none is kept: what is needed is the status and the code.
 */
export class TwilioError extends Error {
  override name = 'TwilioError'
  readonly reason: 'unreachable' | 'refused' | 'unreadable'
  /** HTTP status, or null where none came. */
  readonly status: number | null
  readonly code: number | null

  constructor(
    reason: TwilioError['reason'],
    details: { status?: number | null; code?: number | null; cause?: unknown } = {},
  ) {
    const { status = null, code = null } = details
    const told = [status === null ? '' : ` status ${status}`, code === null ? '' : ` code ${code}`].join('')
    super(`Twilio ${reason}${told}`, 'cause' in details ? { cause: details.cause } : {})
    this.reason = reason
    this.status = status
    this.code = code
  }
}

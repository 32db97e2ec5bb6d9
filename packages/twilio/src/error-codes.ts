/** Twilio's error codes that mean something to us. Source: https://www.twilio.com/docs/api/errors. */
export const twilioErrorCodes = {
  authenticationFailed: 20003,
  notFound: 20404,
  tooManyRequests: 20429,
  internal: 20500,
  invalidTo: 21211,
  invalidFrom: 21212,
  emptyBody: 21602,
  missingFrom: 21603,
  missingTo: 21604,
  fromNotOurs: 21606,
  /** The person has opted out of this sender; a refusal for good. */
  optedOut: 21610,
  queueFull: 21611,
  bodyTooLong: 21617,
  invalidStatusCallback: 21609,
  invalidValidityPeriod: 21624,
  sendRateExceeded: 14107,
} as const

/** Refusals of the moment: nothing was accepted, and the same request may be accepted later. */
export const retryableErrorCodes: ReadonlySet<number> = new Set([
  twilioErrorCodes.tooManyRequests,
  twilioErrorCodes.queueFull,
  twilioErrorCodes.sendRateExceeded,
])

/** A refusal as Twilio's REST API words it. */
export interface ApiError {
  readonly status: number
  readonly code: number
  readonly message: string
}

export function apiErrorJson({ status, code, message }: ApiError) {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }
}

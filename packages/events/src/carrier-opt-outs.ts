/** Where a carrier tells that a person has opted out with it. */
interface OptOutTold {
  readonly code: string
  /** `answer`: it refuses the text at hand-over. `receipt`: it takes the text and tells afterwards. */
  readonly told: readonly ('answer' | 'receipt')[]
  readonly source: string
}

/**
 * How each carrier says that it blocks a number because the person opted out there: the only codes that put a number on
 * the list `carrier`. A code means something with its own carrier alone: 200 and 9 are anything with another.
 */
export const carrierOptOuts = {
  twilio: {
    code: '21610',
    told: ['answer', 'receipt'],
    source: 'https://www.twilio.com/docs/api/errors/21610',
  },
  telnyx: {
    code: '40300',
    told: ['answer', 'receipt'],
    source: 'https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out',
  },
  plivo: { code: '200', told: ['receipt'], source: 'https://www.plivo.com/docs/sms/concepts/dnd-service' },
  // A send answers success (status 0); the block shows in the delivery receipt alone.
  vonage: { code: '9', told: ['receipt'], source: 'https://developer.vonage.com/en/opt-out-assist' },
  aws: {
    code: 'DESTINATION_PHONE_NUMBER_OPTED_OUT',
    told: ['answer'],
    source: 'https://docs.aws.amazon.com/sms-voice/latest/userguide/opt-out-list.html (ConflictException)',
  },
} as const satisfies Readonly<Record<string, OptOutTold>>

export type CarrierName = keyof typeof carrierOptOuts

/**
 * Whether a carrier's code, in the place where it tells it, says that the person has opted out with it. A number with
 * leading zeros or spaces is no code of any; what is unknown is never an opt-out.
 */
export function tellsOptOut(
  carrier: CarrierName,
  told: 'answer' | 'receipt',
  code: string | number | null | undefined,
): boolean {
  const optOut: OptOutTold = carrierOptOuts[carrier]
  return code !== null && code !== undefined && String(code) === optOut.code && optOut.told.includes(told)
}

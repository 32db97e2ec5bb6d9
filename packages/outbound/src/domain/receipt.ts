import { type DeliveryStatus, tellsOptOut } from '@heed/events'

/** What a status callback says of a text that the carrier has. */
export interface Receipt {
  readonly status: DeliveryStatus
  readonly errorCode?: string | undefined
}

/** How far a status is on its way; receipts come in any order, and an earlier one never replaces a later. */
export const receiptRank: Readonly<Record<DeliveryStatus, number>> = {
  accepted: 1,
  sent: 2,
  undelivered: 3,
  failed: 3,
  delivered: 4,
}

/** What an unknown text is found to be: the carrier that reports on an attempt took it. */
export function resolvedState({ status, errorCode }: Receipt): 'sent' | 'failed' | 'suppressed' {
  if (status !== 'failed' && status !== 'undelivered') return 'sent'
  return isCarrierRefusal({ status, errorCode }) ? 'suppressed' : 'failed'
}

/** The carrier refuses this number because the person opted out with it. */
export function isCarrierRefusal({ status, errorCode }: Receipt): boolean {
  return (status === 'failed' || status === 'undelivered') && tellsOptOut('twilio', 'receipt', errorCode)
}

import { deliveryReported } from '@heed/events'
import { AccountId, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { InboundMessage } from './inbound-message.ts'

/** What became of a message: whose it is, what it was read as, what was done. */
export const Settlement = z.object({
  account: z.string().nullable(),
  intent: z.enum(['opt-out', 'opt-in', 'help', 'none']),
  outcome: z.string(),
})
export type Settlement = z.infer<typeof Settlement>

/** A refusal that a carrier told of in a receipt: the person has opted out there. */
export const CarrierRefusal = z.object({
  source: z.string(),
  account: AccountId,
  number: PhoneNumber,
})
export type CarrierRefusal = z.infer<typeof CarrierRefusal>

/**
 * What an entry still waits for: `commit` for compliance, `store` for the collection of what arrived,
 * `publish` for NATS.
 */
export type Lane = 'commit' | 'store' | 'publish'

export const EntryBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('message'), message: InboundMessage, settlement: Settlement.optional() }),
  z.object({ kind: z.literal('refusal'), refusal: CarrierRefusal }),
  z.object({ kind: z.literal('receipt'), event: deliveryReported.schema }),
])
export type EntryBody = z.infer<typeof EntryBody>

export interface JournalEntry {
  /** Its place in the journal: later ones are higher. */
  readonly seq: number
  readonly id: string
  readonly lane: Lane
  /** When it was journaled, ms since 1970. */
  readonly at: number
  readonly body: EntryBody
}

import { AccountId, Epoch, ListName, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { defineEvent } from './define-event.ts'

/** What a change did to its list: `block` and `lift` turn or renew it, `keep` has a rev and turns nothing. */
export const ConsentOp = z.enum(['block', 'lift', 'keep'])
export type ConsentOp = z.infer<typeof ConsentOp>

export const consentChanged = defineEvent({
  name: 'consentChanged',
  description:
    'Published by compliance once the change stands in the ledger for good: a number was opted out, opted in, or a request changed nothing (`keep`).',
  subjectPrefix: 'consent.v1',
  stream: 'CONSENT',
  schema: z.object({
    v: z.literal(1),
    account: AccountId,
    epoch: Epoch,
    rev: z.int().positive(),
    number: PhoneNumber,
    list: ListName,
    op: ConsentOp,
    cause: z.string(),
    sentAt: z.iso.datetime().optional(),
    at: z.iso.datetime(),
    businessNumber: PhoneNumber.optional(),
    source: z.string(),
    /** What a restore needs besides, to commit a lost change again as it was decided. */
    outcome: z.string().optional(),
    texted: z.literal(true).optional(),
    carrierAccount: z.string().optional(),
  }),
  messageId: (event) => `${event.epoch}:${event.account}:${event.rev}`,
})

import { AccountId } from '@heed/phone'
import { z } from 'zod'
import { defineEvent } from './define-event.ts'

/** What became of a contact. `tagged`: its tags alone changed; `merged`: it went into another one. */
export const ContactOp = z.enum(['created', 'updated', 'tagged', 'deleted', 'merged'])
export type ContactOp = z.infer<typeof ContactOp>

/** What is told of one contact: never a number or a name. */
export const ContactChange = z.strictObject({
  contactId: z.string(),
  op: ContactOp,
  /** As they stand after the change; none of one that is gone. */
  tags: z.array(z.string()),
  /** Those of them that the contact did not have before. */
  added: z.array(z.string()),
  /** Where a merged one went. */
  into: z.string().optional(),
})
export type ContactChange = z.infer<typeof ContactChange>

export const contactsChanged = defineEvent({
  name: 'contactsChanged',
  description:
    'Published by contacts once people were created, updated, tagged, deleted or merged for good. What was lost of it `contacts.changes` tells after the `cursor` of the last one that was taken.',
  subjectPrefix: 'contacts.v1',
  stream: 'CONTACTS',
  schema: z.object({
    v: z.literal(1),
    account: AccountId,
    rev: z.int().positive(),
    cursor: z.string(),
    at: z.iso.datetime(),
    /** 1 to 100. */
    contacts: z.array(ContactChange),
  }),
  messageId: (event) => `${event.account}:${event.cursor}`,
})

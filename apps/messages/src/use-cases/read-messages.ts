import { type Outbound, pastTextRow, placeOf, type TextDocument, textRow } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import type { GetInput, ListInput, Message } from '../schemas.ts'

export function readMessages({ outbound }: { outbound: Pick<Outbound, 'texts'> }) {
  return {
    async get({ accountId, messageId }: GetInput): Promise<Message> {
      const [text] = await outbound.texts.find(accountId, [messageId])
      if (!text) throw new DomainError('unknown-message')
      return messageOf(text)
    },

    async list({ accountId, before, limit = 50 }: ListInput) {
      const page = await outbound.texts.newest(accountId, placeOf(before), limit)
      const last = page.length === limit ? page.at(-1) : undefined
      return {
        messages: page.map(messageOf),
        next: last ? { at: last.createdAt.toISOString(), id: last._id } : null,
      }
    },
  }
}

export function messageOf(text: TextDocument): Message {
  const { segments, delivery } = pastTextRow({ at: text.createdAt, text })
  return {
    ...textRow(text),
    messageId: text._id,
    accountId: text.a,
    origin: text.origin,
    from: text.from,
    contactId: text.contactId,
    actor: text.owner === '' ? null : text.owner,
    segments,
    createdAt: text.createdAt.toISOString(),
    delivery,
  }
}

import { createHash } from 'node:crypto'
import { DomainError, type ErrorReason } from '@heed/rpc'
import type { Message, Messages, TextOrder } from '../messages.ts'
import type { LinkDocument } from '../store/links.ts'

export type Ordered = { readonly message: Message } | { readonly refused: ErrorReason }

/** A request id of ours for a CRM's own: the same call is the same text, whatever its id looks like. */
export function requestIdOf({ _id }: Pick<LinkDocument, '_id'>, id: string): string {
  return `${_id}-${createHash('sha256').update(id).digest('hex').slice(0, 40)}`
}

/** Hands a text to messages. What is wrong with it is a value; not to know what became of it is thrown. */
export async function orderText(
  messages: Pick<Messages, 'send'>,
  link: Pick<LinkDocument, '_id' | 'a' | 'from' | 'name'>,
  id: string,
  text: Pick<TextOrder, 'number' | 'text'> & {
    readonly [Key in 'contactId' | 'actor' | 'optOutInstruction']?: string | undefined
  },
): Promise<Ordered> {
  const { number, text: words, contactId, actor = link.name, optOutInstruction } = text
  const more = {
    ...(contactId === undefined ? {} : { contactId }),
    ...(optOutInstruction === undefined ? {} : { optOutInstruction }),
  }
  const order = {
    a: link.a,
    number,
    text: words,
    from: link.from,
    requestId: requestIdOf(link, id),
    actor,
    ...more,
  }
  try {
    return { message: await messages.send(order) }
  } catch (error) {
    if (error instanceof DomainError && error.reason !== 'unavailable') return { refused: error.reason }
    throw error
  }
}

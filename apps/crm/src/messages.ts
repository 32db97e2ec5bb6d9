import type { MessagesRouter } from '@heed/messages/router'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError, type ErrorReason, type RpcClient, refusalReason } from '@heed/rpc'

type Rpc = RpcClient<MessagesRouter>['rpc']
export type Message = Awaited<ReturnType<Rpc['messages']['get']['query']>>

export interface TextOrder {
  readonly a: AccountId
  readonly requestId: string
  readonly number: PhoneNumber
  readonly from: PhoneNumber
  readonly text: string
  readonly contactId?: string
  readonly actor: string
  readonly optOutInstruction?: string
}

/** The texts that a CRM asks for. Refusals keep their reasons; whatever else fails is `unavailable`. */
export interface Messages {
  send(order: TextOrder): Promise<Message>
  get(a: AccountId, messageId: string): Promise<Message>
}

const passedOn: readonly ErrorReason[] = [
  'unknown-account',
  'not-own-number',
  'wording-names-no-keyword',
  'text-too-long',
  'request-mismatch',
  'invalid-input',
  'unknown-message',
]

export function messagesOf({ messages }: Rpc): Messages {
  return {
    send: ({ a, ...order }) => told(messages.send.mutate({ accountId: a, origin: 'crm', ...order })),
    get: (accountId, messageId) => told(messages.get.query({ accountId, messageId })),
  }
}

async function told<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    const reason = passedOn.find((known) => known === refusalReason(cause)) ?? 'unavailable'
    throw new DomainError(reason, { detail: 'messages did not take the text', cause })
  }
}

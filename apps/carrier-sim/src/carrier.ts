import { randomBytes } from 'node:crypto'
import type { CreateRequest } from './domain/create-request.ts'
import type { Struck } from './domain/faults.ts'
import { type Message, messageSid } from './domain/message.ts'
import { reportedStatuses } from './domain/webhook-forms.ts'
import type { CarrierStore } from './store/carrier-store.ts'
import type { WebhookDeliveries } from './webhooks/deliveries.ts'
import type { WebhookAnswer } from './webhooks/webhook-client.ts'

export interface Reply {
  readonly from: string
  readonly to: string
  readonly body: string
  readonly delayMs: number
  readonly duplicates: number
  readonly optOutType: string | null
}

export interface CarrierDependencies {
  readonly store: CarrierStore
  readonly deliveries: Pick<WebhookDeliveries, 'tell'>
  readonly nowMs: () => number
}

/** What the carrier does with a text: keep it first, then tell of it. */
export function carrier({ store, deliveries, nowMs }: CarrierDependencies) {
  return {
    /** Takes a text in; the phone has it once this resolves, unless `fault` says otherwise. */
    async send(request: CreateRequest, receivedAtMs: number, fault: Struck | null): Promise<Message> {
      const failed = fault?.kind === 'undelivered' || fault?.kind === 'failed' ? fault : null
      const message: Message = {
        ...newMessage(nowMs()),
        direction: 'outbound-api',
        from: request.from,
        to: request.to,
        body: request.body,
        status: failed?.kind ?? 'delivered',
        errorCode: failed?.errorCode ?? null,
        receivedAtMs,
        statusCallback: request.statusCallback,
      }
      if (message.statusCallback === null) {
        await store.add(message)
        return message
      }
      const steps = reportedStatuses(message).length
      const delivery = { sid: message.sid, done: 0, steps, dueAtMs: message.createdAtMs }
      await store.add(message, delivery)
      void deliveries.tell(message, delivery)
      return message
    },

    /** A person answers; resolves when the first delivery of the webhook has its answer or is given up. */
    async reply(reply: Reply, receivedAtMs: number): Promise<{ messageSid: string; answer: WebhookAnswer }> {
      const message: Message = {
        ...newMessage(nowMs()),
        direction: 'inbound',
        from: reply.from,
        to: reply.to,
        body: reply.body,
        status: 'received',
        receivedAtMs,
        optOutType: reply.optOutType,
      }
      const delivery = {
        sid: message.sid,
        done: 0,
        steps: 1 + reply.duplicates,
        dueAtMs: message.createdAtMs + reply.delayMs,
      }
      await store.add(message, delivery)
      return { messageSid: message.sid, answer: await deliveries.tell(message, delivery) }
    },
  }
}
export type Carrier = ReturnType<typeof carrier>

/** The text that a webhook's answer sends back to the person. */
export function replyMessage(inbound: Message, body: string, nowMs: number): Message {
  return {
    ...newMessage(nowMs),
    direction: 'outbound-reply',
    from: inbound.to,
    to: inbound.from,
    body,
    status: 'delivered',
    receivedAtMs: nowMs,
  }
}

function newMessage(nowMs: number) {
  return {
    sid: messageSid(randomBytes(16).toString('hex')),
    createdAtMs: nowMs,
    errorCode: null,
    statusCallback: null,
    optOutType: null,
  }
}

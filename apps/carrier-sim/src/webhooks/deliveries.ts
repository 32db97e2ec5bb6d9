import type { Logger } from '@heed/service'
import type { Message } from '../domain/message.ts'
import { readTwiml } from '../domain/twiml.ts'
import { inboundForm, reportedStatuses, statusForm } from '../domain/webhook-forms.ts'
import type { Faults } from '../faults.ts'
import type { CarrierStore, Delivery } from '../store/carrier-store.ts'
import { lane } from './lane.ts'
import { sleep } from './sleep.ts'
import type { WebhookAnswer, WebhookClient } from './webhook-client.ts'

export interface DeliveryDependencies {
  readonly accountSid: string
  readonly store: CarrierStore
  readonly faults: Faults
  readonly client: WebhookClient
  /** Makes the message that an answer to `inbound` sends back. */
  readonly replyTo: (inbound: Message, body: string) => Message
  readonly count: (kind: 'inbound' | 'status', status: number) => void
  readonly log: Logger
  readonly nowMs: () => number
}

const noAnswer: WebhookAnswer = { status: 0, contentType: '', body: '' }

/**
 * Tells the webhooks: an inbound message once and as often again as asked, the second delivery when the first
 * has its answer; each status of a sent message in order. What a killed process left is told after the next
 * start. Disposal ends what is under way and keeps it for then.
 */
export function webhookDeliveries(dependencies: DeliveryDependencies) {
  const { accountSid, store, faults, client, replyTo, log, nowMs } = dependencies
  const stopping = new AbortController()
  const running = new Set<Promise<unknown>>()
  const lanes = { inbound: lane(256), status: lane(32) }

  const post = async (kind: 'inbound' | 'status', url: string | null, form: Record<string, string>) => {
    const { delayMs, fault } = faults.strike({ on: kind })
    await sleep(delayMs, stopping.signal)
    if (url === null || fault?.kind === 'drop') return noAnswer
    const answer = await lanes[kind](() => client.post(url, form, stopping.signal))
    dependencies.count(kind, answer.status)
    return answer
  }

  const tellInbound = async (message: Message): Promise<{ answer: WebhookAnswer; replies: Message[] }> => {
    const answer = await post('inbound', store.webhookUrl(message.to), {
      ...inboundForm(accountSid, message),
    })
    return { answer, replies: textsIn(answer, log).map((text) => replyTo(message, text)) }
  }

  const runInbound = async (
    message: Message,
    delivery: Delivery,
    told: (answer: WebhookAnswer) => void,
  ): Promise<void> => {
    if (delivery.done === 0) {
      const { answer, replies } = await tellInbound(message)
      if (stopping.signal.aborted) return
      await store.advance({ ...delivery, done: 1 }, replies)
      told(answer)
    }
    const again = Array.from({ length: delivery.steps - Math.max(delivery.done, 1) }, () =>
      tellInbound(message),
    )
    const duplicates = await Promise.all(again)
    if (stopping.signal.aborted || duplicates.length === 0) return
    const replies = duplicates.flatMap((one) => one.replies)
    await store.advance({ ...delivery, done: delivery.steps }, replies)
  }

  const runStatuses = async (message: Message, delivery: Delivery): Promise<void> => {
    for (let done = delivery.done; done < delivery.steps; done++) {
      const status = reportedStatuses(message)[done] ?? message.status
      await post('status', message.statusCallback, { ...statusForm(accountSid, message, status) })
      if (stopping.signal.aborted) return
      await store.advance({ ...delivery, done: done + 1 }, [])
    }
  }

  const run = async (message: Message, delivery: Delivery, told: (answer: WebhookAnswer) => void) => {
    try {
      await sleep(delivery.dueAtMs - nowMs(), stopping.signal)
      if (stopping.signal.aborted) return
      if (message.direction === 'inbound') await runInbound(message, delivery, told)
      else await runStatuses(message, delivery)
    } catch (error) {
      log.error({ err: error }, 'a webhook could not be delivered')
    } finally {
      told(noAnswer)
    }
  }

  return {
    /** Resolves with the answer of the first delivery. */
    tell(message: Message, delivery: Delivery): Promise<WebhookAnswer> {
      const first = Promise.withResolvers<WebhookAnswer>()
      const work = run(message, delivery, first.resolve).finally(() => running.delete(work))
      running.add(work)
      return first.promise
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await Promise.all(running)
    },
  }
}
export type WebhookDeliveries = ReturnType<typeof webhookDeliveries>

function textsIn({ status, contentType, body }: WebhookAnswer, log: Logger): readonly string[] {
  if (status < 200 || status >= 300 || body.trim() === '') return []
  if (contentType.startsWith('text/plain')) return [body.trim()]
  const twiml = readTwiml(body)
  if (!twiml.ok) log.warn({ code: 12_100 }, 'the answer of a webhook is no TwiML')
  return twiml.ok ? twiml.messages : []
}

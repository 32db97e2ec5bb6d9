import type { CampaignRouter } from '@heed/campaign/router'
import type { ComplianceRouter } from '@heed/compliance/router'
import type { ContactsRouter } from '@heed/contacts/router'
import type { CrmRouter } from '@heed/crm/router'
import type { MessagesRouter } from '@heed/messages/router'
import { createRpcClient, ownTokens } from '@heed/rpc'
import type { SequenceRouter } from '@heed/sequence/router'
import { request } from 'undici'
import type { DemoSystem } from './system.ts'

export type Clients = ReturnType<typeof connectClients>

/** What an operator's program would hold: a typed client of each service, and the phones of the simulated carrier. */
export function connectClients({ urls, secrets }: Pick<DemoSystem, 'urls' | 'secrets'>) {
  const stack = new AsyncDisposableStack()
  const url = (name: string) => urls[name] ?? ''
  const token = ownTokens(secrets.developerKey, 'admin')
  const options = { token, timeoutMs: 10_000 }
  const carrier = async (method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const answer = await request(`${url('carrier-sim')}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    if (answer.statusCode >= 300) throw new Error(`the carrier answered ${answer.statusCode} to ${method}`)
    const text = await answer.body.text()
    return text === '' ? null : JSON.parse(text)
  }
  return {
    compliance: stack.use(createRpcClient<ComplianceRouter>({ ...options, url: url('compliance') })).rpc,
    campaign: stack.use(createRpcClient<CampaignRouter>({ ...options, url: url('campaign') })).rpc,
    contacts: stack.use(createRpcClient<ContactsRouter>({ ...options, url: url('contacts') })).rpc,
    messages: stack.use(createRpcClient<MessagesRouter>({ ...options, url: url('messages') })).rpc.messages,
    crm: stack.use(createRpcClient<CrmRouter>({ ...options, url: url('crm') })).rpc.crm,
    url,
    sequence: stack.use(createRpcClient<SequenceRouter>({ ...options, url: url('sequence') })).rpc,
    /** Where the carrier sends what people answer to a business number. */
    routeReplies: (number: string) =>
      carrier('PUT', `/numbers/${encodeURIComponent(number)}`, {
        webhookUrl: `${url('inbound-sms')}/webhooks/twilio`,
      }),
    /** A person answers; resolves when the webhook was answered. */
    reply: async (from: string, to: string, body: string) =>
      (await carrier('POST', `/phones/${encodeURIComponent(from)}/reply`, { to, body })) as {
        status: number
        twiml: string
      },
    /** How long in all, and how often, a sender's gate took to hear of changes, by its own metrics. */
    heard: async (service: 'campaign' | 'sequence') => {
      const page = await (await request(`${url(service)}/metrics`)).body.text()
      const figure = (name: string) =>
        Number(new RegExp(`^heed_gate_heard_seconds_${name} (\\S+)$`, 'm').exec(page)?.[1] ?? 0)
      return { ms: figure('sum') * 1_000, count: figure('count') }
    },
    /** What a phone got. */
    phone: async (number: string) =>
      (await carrier('GET', `/phones/${encodeURIComponent(number)}`)) as {
        from: string
        body: string
        receivedAt: string
      }[],
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLogger } from '@heed/service'
import { type FormEntry, isValidWebhookSignature, parseForm } from '@heed/twilio'
import twilio from 'twilio'
import { startCarrierSim } from '../src/service.ts'

export const accountSid = `AC${'0'.repeat(31)}1`
export const authToken = 'a-token'
export const business = '+15550002222'
export const phone = '+15550001111'

/** Twilio's own library, talking to our address. */
export function twilioLibrary(url: string, token = authToken) {
  const httpClient = new twilio.RequestClient()
  httpClient.axios.interceptors.request.use((request) => {
    request.url = request.url?.replace('https://api.twilio.com', url) ?? url
    return request
  })
  return twilio(accountSid, token, { httpClient })
}

export async function startCarrier(dataDir?: string) {
  const config = {
    PORT: 0,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'silent' as const,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    ...(dataDir === undefined ? {} : { DATA_DIR: dataDir }),
  }
  const service = await startCarrierSim(config, createLogger('carrier-sim', 'silent'))
  return { ...carrierAt(service.url), [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() }
}

interface Text {
  readonly sid: string
  readonly from: string
  readonly body: string
  readonly receivedAt: string
}

/** What the tests ask of a carrier that listens at `url`. */
export function carrierAt(url: string) {
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return { status: response.status, json: (await response.json()) as unknown }
  }
  const on = (kind: string, number: string) => `/${kind}/${encodeURIComponent(number)}`
  return {
    url,
    call,
    twilio: twilioLibrary(url),
    texts: async (number = phone) => (await call('GET', on('phones', number))).json as Text[],
    setWebhook: (webhookUrl: string, number = business) => call('PUT', on('numbers', number), { webhookUrl }),
    faults: (...faults: unknown[]) => call('POST', '/faults', { faults }),
    reply: async (reply: Record<string, unknown>, number = phone) => {
      const { json } = await call('POST', `${on('phones', number)}/reply`, { to: business, ...reply })
      return json as { messageSid: string; status: number; twiml: string }
    },
  }
}

export interface Received {
  readonly params: Record<string, string>
  readonly signed: boolean
  readonly headers: IncomingHttpHeaders
  readonly atMs: number
}

/** A webhook that checks signatures; `answer` says what it answers to the nth request. */
export async function startWebhook(
  answer: (received: Received, nth: number) => { status?: number; body?: string } | null,
) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const rawBody = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    const form = parseForm(rawBody)
    const entries: FormEntry[] = form.ok ? form.entries : []
    const one: Received = {
      params: Object.fromEntries(entries),
      signed: isValidWebhookSignature({
        authToken,
        url: url + request.url,
        params: entries,
        signature: String(request.headers['x-twilio-signature']),
      }),
      headers: request.headers,
      atMs: Date.now(),
    }
    received.push(one)
    const told = answer(one, received.length)
    if (told) response.writeHead(told.status ?? 200, { 'content-type': 'text/xml' }).end(told.body ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Polls until `check` returns something, for at most 10 s. */
export async function eventually<T>(
  check: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const value = await check()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error('it did not happen within 10 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

import { pause } from '@heed/service'
import { signWebhook } from '@heed/twilio'
import { Agent, request } from 'undici'
import { type DeliveryFailure, retryRule, withoutFragment } from '../domain/retry-rule.ts'

/** What came of one webhook: status 0 where there was no answer. */
export interface WebhookAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** Twilio's limits: 15 s for all attempts together, 64 KB of TwiML. */
const totalMs = 15_000
const bodyBytesMax = 64 * 1024
const connectMs = 5_000
const betweenAttemptsMs = 250

const noAnswer: WebhookAnswer = { status: 0, contentType: '', body: '' }

interface Attempt {
  readonly answer: WebhookAnswer
  readonly failure: DeliveryFailure | null
}

/** Posts signed forms to webhooks, and again where Twilio would. Never throws. */
export function webhookClient(authToken: string) {
  const agent = new Agent({
    pipelining: 1,
    connect: { timeout: connectMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  const attempt = async (url: string, form: Readonly<Record<string, string>>, signal: AbortSignal) => {
    try {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: agent,
        method: 'POST',
        signal,
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          'x-twilio-signature': signWebhook({ authToken, url, params: form }),
          'user-agent': 'TwilioProxy/1.1',
          accept: '*/*',
        },
        body: new URLSearchParams(form).toString(),
      })
      const contentType = String(headers['content-type'] ?? '')
      const answer = { status: statusCode, contentType, body: await readText(body) }
      return { answer, failure: failureOf(statusCode) }
    } catch (error) {
      return { answer: noAnswer, failure: isConnectionFailure(error) ? 'ct' : 'rt' } satisfies Attempt
    }
  }

  return {
    async post(
      webhookUrl: string,
      form: Readonly<Record<string, string>>,
      stopping: AbortSignal,
    ): Promise<WebhookAnswer> {
      const rule = retryRule(webhookUrl)
      const url = withoutFragment(webhookUrl)
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(totalMs)])
      for (let retries = 0; ; retries++) {
        const { answer, failure }: Attempt = await attempt(url, form, signal)
        const isOver = failure === null || !rule.retriedFailures.has(failure) || retries >= rule.retriesMax
        if (isOver || signal.aborted) return answer
        await pause(betweenAttemptsMs, signal)
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  }
}
export type WebhookClient = ReturnType<typeof webhookClient>

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) throw new Error('the answer of a webhook is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function failureOf(status: number): DeliveryFailure | null {
  if (status >= 500) return '5xx'
  return status >= 400 ? '4xx' : null
}

function isConnectionFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (
    code === 'ECONNREFUSED' ||
    code === 'ENOTFOUND' ||
    code === 'EHOSTUNREACH' ||
    code === 'ENETUNREACH' ||
    code === 'ETIMEDOUT' ||
    code === 'UND_ERR_CONNECT_TIMEOUT'
  )
}

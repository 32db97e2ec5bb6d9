import { type Clearance, lateAfterMs, redeem } from '@heed/clearance'
import { tellsOptOut } from '@heed/events'
import { type Clock, systemClock } from '@heed/service'
import { basicAuthorization, createMessageForm, messagesPath, parseCreateMessageAnswer } from '@heed/twilio'
import type { AtGate, Carrier, CarrierText, HandOver, HandOverBasis } from './carrier.ts'
import { type ExchangeResult, openExchange } from './exchange.ts'
import { exchangePool } from './exchange-pool.ts'

export interface TwilioCarrierOptions {
  /** `https://api.twilio.com`, or where a compatible carrier listens. */
  readonly baseUrl: string
  readonly accountSid: string
  readonly authToken: string
  /** Where the carrier reaches inbound-sms; status callbacks go to `/webhooks/twilio/status` there. */
  readonly publicUrl: string
  /** A connection carries one request at a time, so this bounds the texts in flight. */
  readonly connectionsMax: number
  /** How long the carrier may keep a text in its queue. 60 s by default, so that it does not outlive our promise. */
  readonly validityPeriodSeconds?: number
  /** Counted from the gate; then the connection is reset and the text is unknown. 5 s by default. */
  readonly answerWithinMs?: number
  readonly connectWithinMs?: number
  /** Authorities to trust instead of the system's, in PEM. */
  readonly ca?: string
  readonly clock?: Clock
}

/** Thrown at the gate, so that undici writes nothing and keeps the connection. */
class NotNow extends Error {
  readonly handOver: HandOver

  constructor(handOver: HandOver) {
    super('the gate did not let the text pass')
    this.handOver = handOver
  }
}

/** Twilio's REST API (https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource). */
export function twilioCarrier(options: TwilioCarrierOptions): Carrier {
  const clock = options.clock ?? systemClock
  const path = `${trimmed(new URL(options.baseUrl).pathname)}${messagesPath(options.accountSid)}`
  const headers = {
    authorization: basicAuthorization(options.accountSid, options.authToken),
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  }
  const pool = exchangePool({
    connectionsMax: options.connectionsMax,
    open: () =>
      openExchange({
        origin: new URL(options.baseUrl).origin,
        answerWithinMs: options.answerWithinMs ?? 5_000,
        connectWithinMs: options.connectWithinMs ?? 5_000,
        ...(options.ca === undefined ? {} : { ca: options.ca }),
      }),
  })
  return {
    handOver: (text, atGate) =>
      pool.lend(async (exchange) => {
        const body = createMessageForm({
          to: text.number,
          from: text.from,
          body: text.body,
          statusCallback: statusCallbackUrl(options.publicUrl, text),
          validityPeriodSeconds: options.validityPeriodSeconds ?? 60,
        })
        const crossing = gateCrossing(text, atGate, clock)
        const result = await exchange.post({ path, headers, body }, crossing)
        return handOverOf(result, crossing.basis())
      }),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  }
}

/** The callback URL carries the attempt, so that an unknown outcome can be resolved without a message id. */
export function statusCallbackUrl(
  publicUrl: string,
  text: Pick<CarrierText, 'accountId' | 'attemptId'>,
): string {
  const query = new URLSearchParams({ attempt: text.attemptId, account: text.accountId })
  return `${trimmed(publicUrl)}/webhooks/twilio/status?${query}`
}

const trimmed = (url: string) => url.replace(/\/+$/, '')

/** Asks the gate in the instant of the first byte, and keeps what the text was sent on. */
function gateCrossing(text: CarrierText, atGate: AtGate, clock: Clock) {
  let clearance: Clearance | null = null
  let gatedMono = 0
  let tookMs: number | null = null
  return {
    atGate() {
      gatedMono = clock.monoMs()
      const result = atGate((given) => {
        redeem(given, text)
        clearance = given
      })
      if (result.outcome === 'hold') throw new NotNow({ outcome: 'held', why: result.why })
      if (result.outcome === 'suppressed') {
        const { reasons, epoch, rev } = result
        throw new NotNow({ outcome: 'suppressed', reasons, epoch, rev })
      }
      if (clearance === null) throw new Error('the gate passed a text without a clearance')
    },
    onWritten() {
      tookMs = clock.monoMs() - gatedMono
    },
    basis(): HandOverBasis | null {
      if (clearance === null) return null
      const { epoch, rev, gatedAt } = clearance
      // Never written within the 5 s is possible only where the write itself failed; then it is as late as can be.
      const delayMs = tookMs ?? clock.monoMs() - gatedMono
      return { epoch, rev, gatedAt, writtenAt: gatedAt + delayMs, late: delayMs > lateAfterMs }
    },
  }
}

function handOverOf(result: ExchangeResult, basis: HandOverBasis | null): HandOver {
  if (result.outcome === 'not-written') {
    if (result.cause instanceof NotNow) return result.cause.handOver
    return { outcome: 'unreachable', cause: result.cause }
  }
  if (basis === null) return { outcome: 'unreachable', cause: new Error('nothing passed the gate') }
  if (result.outcome === 'no-answer') return { outcome: 'unknown', why: 'no-answer', basis }
  if (result.outcome === 'broken') return { outcome: 'unknown', why: 'connection-broken', basis }
  const { status, body, header } = result
  const answer = parseCreateMessageAnswer(status, body, { retryAfter: header('retry-after') })
  switch (answer.outcome) {
    case 'accepted':
      return { outcome: 'accepted', providerId: answer.sid, basis }
    case 'refused':
      return { ...answer, optedOut: tellsOptOut('twilio', 'answer', answer.code), basis }
    case 'unknown':
      return { outcome: 'unknown', why: 'unclear-answer', basis }
  }
}

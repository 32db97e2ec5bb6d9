import type { Clock, RaiseAlarm, Timers } from '@heed/service'
import type { Carrier } from '../clients/carrier.ts'
import type { Compliance } from '../clients/compliance.ts'
import { succeedsWithin } from '../deadline.ts'
import type { Owners } from '../store/owners.ts'
import { evidenceOf, type Settle, type Textable } from './settle-message.ts'

/** The carrier cannot tell when a START was sent, and may be able to later: the START waits. */
export class CarrierSilentError extends Error {
  override name = 'CarrierSilentError'
}

/** After this a message that the carrier does not know has no time, and lifts nothing. */
const unknownToCarrierMs = 10 * 60_000
/** Where nothing blocks, the time of a START is evidence, and not worth a longer wait. */
const evidenceWithinMs = 250
/** A text is taken in before it is passed on: a carrier's clock further ahead than this does not compare with ours. */
const carrierAheadMs = 5_000
/** A reply to a START leaves only on an answer that a sender could still use (protocol: L less its margin). */
const replyWithinMs = 475

/**
 * Commits an opt-in with the times that decide it. The carrier is asked when it took in the START, and when the
 * opt-out texts that hold the number; a START is never judged by when we heard of it (protocol: opt-in).
 */
export function recordOptIn(deps: {
  compliance: Pick<Compliance, 'resolve' | 'holding' | 'optIn'>
  carrier: Pick<Carrier, 'fetchMessage'>
  owners: Pick<Owners, 'remember'>
  raise: RaiseAlarm
  clock: Clock
  timers: Timers
}): Settle {
  const ownTime = async (message: Textable): Promise<string | undefined> => {
    if (message.sentAt !== undefined) return message.sentAt
    const told = await askCarrier(deps.carrier, message.id)
    if (told !== undefined) {
      const aheadMs = Date.parse(told) - Date.parse(message.receivedAt)
      if (aheadMs > carrierAheadMs) deps.raise('carrier-time', { message: message.id, aheadMs })
      return told
    }
    const ageMs = deps.clock.now() - Date.parse(message.receivedAt)
    if (ageMs < unknownToCarrierMs) throw new CarrierSilentError('the carrier does not know the text yet')
    return undefined
  }

  const times = async (message: Textable, accountId: Parameters<typeof deps.compliance.holding>[0]) => {
    const own = ownTime(message)
    own.catch(() => {})
    const holding = await deps.compliance.holding(accountId, message.from)
    if (holding.length === 0) {
      const sentAt = (await succeedsWithin(own, evidenceWithinMs, deps.timers)) ? await own : undefined
      return { sentAt, blockTimes: [] }
    }
    const asked = holding.map(async ({ source, sentAt, carrierAccount, carrierMessageId }) => {
      if (sentAt !== undefined || carrierAccount !== message.carrierAccount) return []
      if (carrierMessageId === undefined) return []
      const told = await askCarrier(deps.carrier, carrierMessageId)
      return told === undefined ? [] : [{ source, sentAt: told }]
    })
    // All at once: where several fail, each failure has somebody waiting for it.
    const [sentAt, blockTimes] = await Promise.all([own, Promise.all(asked)])
    return { sentAt, blockTimes: blockTimes.flat() }
  }

  return async (message, reading) => {
    const owner = await deps.compliance.resolve(message.to)
    if (owner === null) return null
    deps.owners.remember(message.to, { account: owner.accountId, keywords: owner.keywords })
    const { sentAt, blockTimes } = await times(message, owner.accountId)
    const askedAt = deps.clock.monoMs()
    const decided = await deps.compliance.optIn({
      businessNumber: message.to,
      number: message.from,
      cause: reading.cause,
      source: message.id,
      ...(reading.language === undefined ? {} : { language: reading.language }),
      ...(sentAt === undefined ? {} : { sentAt }),
      blockTimes,
      onlyIfBlocked: reading.onlyIfBlocked,
      message: evidenceOf(message),
    })
    if (decided === null) return null
    const isFresh = deps.clock.monoMs() - askedAt < replyWithinMs
    const isDue = decided.reply !== null && message.optOutType === undefined && isFresh
    return {
      account: decided.accountId,
      intent: 'opt-in',
      outcome: decided.replayed ? 'replayed' : decided.outcome,
      reply: isDue && decided.reply !== null ? { kind: 'welcome', text: decided.reply } : null,
    }
  }
}

/** When the carrier took a message in, or undefined where it does not know the message. */
async function askCarrier(carrier: Pick<Carrier, 'fetchMessage'>, id: string): Promise<string | undefined> {
  try {
    return (await carrier.fetchMessage(id))?.dateCreated.toISOString()
  } catch (error) {
    throw new CarrierSilentError('the carrier does not tell when a text was sent', { cause: error })
  }
}

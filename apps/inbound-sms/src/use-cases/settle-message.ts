import { PhoneNumber } from '@heed/phone'
import type { Clock, Logger } from '@heed/service'
import { type Compliance, RefusedByComplianceError } from '../clients/compliance.ts'
import type { InboundMessage } from '../domain/inbound-message.ts'
import type { Settlement } from '../domain/journal-entry.ts'
import { type Reading, readIntent } from '../domain/read-intent.ts'
import type { Reply } from '../domain/reply.ts'
import type { KeptBecause, KeptMessageStore } from '../store/kept-messages.ts'
import type { Owners } from '../store/owners.ts'

/** A message between two numbers that can be spoken of to compliance. */
export interface Textable extends InboundMessage {
  readonly from: PhoneNumber
  readonly to: PhoneNumber
}

export interface Settled extends Settlement {
  /** To be given to the person once, by whoever answers them; null where none is due. */
  readonly reply: Reply | null
}

/** Does what one intent asks for; null where nobody owns the business number. Ignorance is an error. */
export type Settle = (message: Textable, reading: Reading) => Promise<Settled | null>

export interface SettleDeps {
  readonly compliance: Pick<Compliance, 'resolve'>
  readonly owners: Pick<Owners, 'remember'>
  readonly kept: () => Pick<KeptMessageStore, 'keep'>
  readonly byIntent: Record<'opt-out' | 'opt-in' | 'help', Settle>
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Reads a text and does what it asks for. When it returns, that is done for good: an opt-out stands in the
 * ledger, or in the durable list where no account can have it. An error means that nothing is known, and that
 * the same message must be settled again; its id makes that harmless.
 */
export function settleMessage(deps: SettleDeps): (message: InboundMessage) => Promise<Settled> {
  const keep = async (message: InboundMessage, reading: Reading, because: KeptBecause): Promise<Settled> => {
    const kept = await deps.kept().keep(message, because, new Date(deps.clock.now()))
    const fields = { message: message.id, intent: reading.intent, because }
    if (kept === 'kept') deps.log.warn(fields, 'a text that no account can have was kept')
    return { account: null, intent: reading.intent, outcome: because, reply: null }
  }

  const settleTextable = async (message: Textable): Promise<Settled> => {
    const standard = readIntent(message)
    if (standard.isFinal && standard.intent !== 'none') return act(message, standard, standard.intent)
    // Accounts hear words of their own: what a text means depends on whose number it was sent to.
    const owner = await deps.compliance.resolve(message.to)
    if (owner === null) return keep(message, standard, 'unowned')
    deps.owners.remember(message.to, { account: owner.accountId, keywords: owner.keywords })
    const reading = readIntent(message, owner.keywords)
    if (reading.intent !== 'none') return act(message, reading, reading.intent)
    return { account: owner.accountId, intent: 'none', outcome: 'stored', reply: null }
  }

  const act = async (message: Textable, reading: Reading, intent: keyof SettleDeps['byIntent']) =>
    (await deps.byIntent[intent](message, reading)) ?? keep(message, reading, 'unowned')

  return async (message) => {
    const reading = readIntent(message)
    if (!isTextable(message)) {
      if (reading.intent === 'opt-out') return keep(message, reading, 'unusable')
      return { account: null, intent: reading.intent, outcome: 'stored', reply: null }
    }
    try {
      return await settleTextable(message)
    } catch (error) {
      if (!(error instanceof RefusedByComplianceError)) throw error
      deps.log.error({ err: error, message: message.id }, 'compliance does not take a text as it is')
      return keep(message, reading, 'refused')
    }
  }
}

function isTextable(message: InboundMessage): message is Textable {
  return PhoneNumber.safeParse(message.from).success && PhoneNumber.safeParse(message.to).success
}

const textMax = 20_000

/** The message as compliance keeps it: word for word, with what is needed to ask the carrier about it. */
export function evidenceOf(message: InboundMessage) {
  return {
    text: message.text.slice(0, textMax),
    carrier: 'twilio',
    carrierAccount: message.carrierAccount,
    carrierMessageId: message.id,
    receivedAt: message.receivedAt,
  }
}

import type { Compliance } from '../clients/compliance.ts'
import type { CarrierRefusal } from '../domain/journal-entry.ts'
import type { Owners } from '../store/owners.ts'
import { evidenceOf, type Settle } from './settle-message.ts'

/**
 * Commits an opt-out. The confirmation is compliance's to give, once; there is none to send where the carrier
 * has replied already.
 */
export function recordOptOut(deps: {
  compliance: Pick<Compliance, 'optOut'>
  owners: Pick<Owners, 'remember'>
}): Settle {
  return async (message, reading) => {
    const committed = await deps.compliance.optOut({
      businessNumber: message.to,
      numbers: [message.from],
      cause: reading.cause,
      source: message.id,
      ...(reading.language === undefined ? {} : { language: reading.language }),
      ...(message.sentAt === undefined ? {} : { sentAt: message.sentAt }),
      message: evidenceOf(message),
    })
    if (committed === null) return null
    deps.owners.remember(message.to, { account: committed.accountId })
    const { accountId, confirmation, results } = committed
    const isDue = confirmation !== null && message.optOutType === undefined
    return {
      account: accountId,
      intent: 'opt-out',
      outcome: results[0]?.replayed ? 'replayed' : (results[0]?.outcome ?? 'unknown'),
      reply: isDue ? { kind: 'confirmation', text: confirmation } : null,
    }
  }
}

/** Commits what a receipt told: the carrier refuses to text this person for us. */
export function recordCarrierRefusal(deps: {
  compliance: Pick<Compliance, 'optOut'>
}): (refusal: CarrierRefusal) => Promise<void> {
  return async ({ account, number, source }) => {
    await deps.compliance.optOut({
      accountId: account,
      numbers: [number],
      list: 'carrier',
      cause: 'carrier-refusal',
      source,
    })
  }
}

import type { Clock } from '@heed/service'
import type { Compliance } from '../clients/compliance.ts'
import type { Journal } from '../store/journal.ts'
import type { Owners } from '../store/owners.ts'
import type { Settle } from './settle-message.ts'

/**
 * The one function that makes an answer to HELP, whether or not the number is blocked (CTIA Messaging
 * Principles 2023, 5.1.2): once for each message, and not where the carrier answers by itself.
 */
export function answerHelp(deps: {
  compliance: Pick<Compliance, 'resolve'>
  owners: Pick<Owners, 'remember'>
  journal: Pick<Journal, 'claim'>
  clock: Clock
}): Settle {
  return async (message, { language }) => {
    const owner = await deps.compliance.resolve(message.to)
    if (owner === null) return null
    deps.owners.remember(message.to, { account: owner.accountId, keywords: owner.keywords })
    const settled = { account: owner.accountId, intent: 'help' } as const
    if (message.optOutType !== undefined || owner.keywordReplies !== 'heed') {
      return { ...settled, outcome: 'answered-by-carrier', reply: null }
    }
    // Without a journal a repeated webhook may be answered again, which is better than not at all.
    const isFirst = await deps.journal.claim(`help:${message.id}`, deps.clock.now()).catch(() => true)
    if (!isFirst) return { ...settled, outcome: 'replayed', reply: null }
    // The language that the person asked in, where the account answers in it.
    const { help } = (language === undefined ? undefined : owner.repliesByLanguage[language]) ?? owner.replies
    return { ...settled, outcome: 'answered', reply: { kind: 'help', text: help } }
  }
}

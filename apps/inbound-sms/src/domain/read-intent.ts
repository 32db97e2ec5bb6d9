import { type AccountKeywords, classify, type Intent } from '@heed/keywords'
import type { InboundMessage } from './inbound-message.ts'

export interface Reading {
  readonly intent: Intent
  /** What decided, as the ledger shall say it. */
  readonly cause: 'keyword' | 'account-keyword' | 'carrier-keyword' | 'none'
  /** A YES may be an answer to something else: it lifts a block, and is no consent where nothing blocks. */
  readonly onlyIfBlocked: boolean
}

/**
 * What a text asks for. A carrier's own reading (`OptOutType`) counts beside the text: whichever of them says
 * opt-out wins, because ignoring one is what the law forbids (47 CFR 64.1200(a)(10)).
 */
export function readIntent(
  message: Pick<InboundMessage, 'text' | 'optOutType'>,
  keywords: AccountKeywords = {},
): Reading {
  const { intent, rule, matched } = classify(message.text, { keywords })
  const byText: Reading = {
    intent,
    cause: intent === 'none' ? 'none' : rule === 'account-keyword' ? 'account-keyword' : 'keyword',
    onlyIfBlocked: matched === 'YES',
  }
  if (intent === 'opt-out') return byText
  if (message.optOutType === 'STOP') return byCarrier('opt-out')
  if (intent !== 'none') return byText
  if (message.optOutType === 'START') return byCarrier('opt-in')
  if (message.optOutType === 'HELP') return byCarrier('help')
  return byText
}

/**
 * Whether a text may turn out to be an opt-out by a keyword of the account's own, which are not known yet. Such
 * a text is not answered with success before they are.
 */
export function mayBeOptOut(message: Pick<InboundMessage, 'text' | 'optOutType'>): boolean {
  const { intent } = readIntent(message)
  return intent === 'opt-out' || intent === 'none'
}

function byCarrier(intent: Intent): Reading {
  return { intent, cause: 'carrier-keyword', onlyIfBlocked: false }
}

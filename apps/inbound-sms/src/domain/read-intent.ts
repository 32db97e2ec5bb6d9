import { type AccountKeywords, type Classification, classify, type Intent } from '@heed/keywords'
import type { InboundMessage } from './inbound-message.ts'

export interface Reading {
  /** An opt-out in words of one's own binds like one by keyword; `cause` tells them apart. */
  readonly intent: Exclude<Intent, 'likely-opt-out'>
  /** What decided, as the ledger shall say it: `inferred-` and the rule where no keyword did. */
  readonly cause:
    | 'keyword'
    | 'account-keyword'
    | 'language-keyword'
    | 'carrier-keyword'
    | `inferred-${string}`
    | 'none'
  /** A YES may be an answer to something else: it lifts a block, and is no consent where nothing blocks. */
  readonly onlyIfBlocked: boolean
  /** ISO 639-1 of the person's words, where they are of one language. */
  readonly language?: string
  /** Whatever the account's own keywords are, this is what the text asks for. */
  readonly isFinal: boolean
}

/**
 * What a text asks for. A carrier's own reading (`OptOutType`) counts beside the text: whichever of them says
 * opt-out wins, because ignoring one is what the law forbids (47 CFR 64.1200(a)(10)).
 */
export function readIntent(
  message: Pick<InboundMessage, 'text' | 'optOutType'>,
  keywords: AccountKeywords = {},
): Reading {
  const byText = readingOf(classify(message.text, { keywords }))
  if (byText.intent === 'opt-out' && !byText.cause.startsWith('inferred-')) return byText
  if (message.optOutType === 'STOP') return byCarrier('opt-out')
  if (byText.intent !== 'none') return byText
  if (message.optOutType === 'START') return byCarrier('opt-in')
  if (message.optOutType === 'HELP') return byCarrier('help')
  return byText
}

/**
 * Whether a text may turn out to be an opt-out by a keyword of the account's own, which are not known yet. Such
 * a text is not answered with success before they are.
 */
export function mayBeOptOut(message: Pick<InboundMessage, 'text' | 'optOutType'>): boolean {
  const { intent, isFinal } = readIntent(message)
  return intent === 'opt-out' || !isFinal
}

function readingOf({ intent, rule, matched, language }: Classification): Reading {
  const common = { onlyIfBlocked: matched === 'YES', ...(language && language !== 'und' ? { language } : {}) }
  if (intent === 'likely-opt-out')
    return { ...common, intent: 'opt-out', cause: `inferred-${rule}`, isFinal: false }
  if (intent === 'none') return { ...common, intent, cause: 'none', isFinal: false }
  const cause = rule === 'account-keyword' || rule === 'language-keyword' ? rule : 'keyword'
  return { ...common, intent, cause, isFinal: intent === 'opt-out' || cause === 'keyword' }
}

function byCarrier(intent: Reading['intent']): Reading {
  return { intent, cause: 'carrier-keyword', onlyIfBlocked: false, isFinal: intent === 'opt-out' }
}

import { normalise, normaliseUpTo } from './normalise.ts'
import { helpKeywords, optInKeywords, optOutKeywords } from './standard-keywords.ts'

export type Intent = 'opt-out' | 'opt-in' | 'help' | 'none'

/** Keywords that an account hears besides the standard ones, none of which can be removed or redefined. */
export interface AccountKeywords {
  readonly optOut?: readonly string[]
  readonly optIn?: readonly string[]
  readonly help?: readonly string[]
}

export interface ClassifyContext {
  readonly keywords?: AccountKeywords
}

export interface Classification {
  readonly intent: Intent
  /** Names what decided: `keyword` (a standard one), `account-keyword`, or `no-match`. */
  readonly rule: string
  /** The keyword that the message is, as its list spells it. */
  readonly matched?: string
}

type Heard = Omit<Classification, 'rule'>

const standard = heard({ optOut: optOutKeywords, optIn: optInKeywords, help: helpKeywords })
const standardLengthMax = lengthMax(standard)
const nothing: Classification = { intent: 'none', rule: 'no-match' }

/**
 * What the person meant by a message: an opt-out, an opt-in or a call for help, where the message is exactly
 * a keyword (see `normalise` for what does not count). Standard keywords go before the account's, and among
 * the account's a word that opts out goes before one that does anything else. Its time is linear in the
 * length of the message.
 */
export function classify(text: string, context: ClassifyContext = {}): Classification {
  const own = heard(context.keywords ?? {})
  const normal = normaliseUpTo(text, Math.max(standardLengthMax, lengthMax(own)))
  if (normal === null) return nothing
  const said = spaceHyphens(normal)
  const byStandard = standard.get(said)
  if (byStandard) return { ...byStandard, rule: 'keyword' }
  const byAccount = own.get(said)
  return byAccount ? { ...byAccount, rule: 'account-keyword' } : nothing
}

function heard(keywords: AccountKeywords): ReadonlyMap<string, Heard> {
  const byText = new Map<string, Heard>()
  const add = (intent: Intent, matched: string) => {
    const said = spaceHyphens(normalise(matched))
    if (said !== '' && !byText.has(said)) byText.set(said, { intent, matched })
  }
  for (const keyword of keywords.optOut ?? []) add('opt-out', keyword)
  for (const keyword of keywords.optIn ?? []) add('opt-in', keyword)
  for (const keyword of keywords.help ?? []) add('help', keyword)
  return byText
}

/** `OPT-OUT` is AWS's spelling of `OPT OUT`. */
function spaceHyphens(said: string): string {
  return said.replace(/ ?\p{Pd} ?/gu, ' ')
}

function lengthMax(keywords: ReadonlyMap<string, Heard>): number {
  let length = 0
  for (const said of keywords.keys()) length = Math.max(length, said.length)
  return length
}

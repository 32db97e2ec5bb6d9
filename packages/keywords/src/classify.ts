import { readFreeText } from './free-text.ts'
import { languages } from './languages/index.ts'
import { isAscii, normalise, normaliseUpTo } from './normalise.ts'
import { helpKeywords, optInKeywords, optOutKeywords } from './standard-keywords.ts'
import { stopSign } from './tokens.ts'

/** `likely-opt-out` is an opt-out in words of one's own; only a keyword is anything else. */
export type Intent = 'opt-out' | 'opt-in' | 'help' | 'likely-opt-out' | 'none'

/** Keywords that an account hears besides the standard ones, none of which can be removed or redefined. */
export interface AccountKeywords {
  readonly optOut?: readonly string[]
  readonly optIn?: readonly string[]
  readonly help?: readonly string[]
}

export interface ClassifyContext {
  readonly keywords?: AccountKeywords
  /** Whether a block of this sender stands. A YES asks for something only where it does; unknown, the caller looks. */
  readonly isBlocked?: boolean
  /** What we texted this person lately: words of ours that the message repeats are not the person's. */
  readonly recentTexts?: readonly string[]
}

export interface Classification {
  readonly intent: Intent
  /**
   * Names what decided: `keyword` (a standard one), `account-keyword`, `language-keyword`, a rule of free text (see
   * `readingRules`), or `no-match`.
   */
  readonly rule: string
  /** The keyword that the message is, as its list spells it; of free text, the words that decided. */
  readonly matched?: string
  /** ISO 639-1 of the words that decided; `und` where they belong to none. */
  readonly language?: string
  /** From 0 to 1: how often what was heard is what was meant. 1 for a keyword. */
  readonly confidence: number
}

type Heard = Pick<Classification, 'intent' | 'matched' | 'language'>

const standard = heard({ optOut: optOutKeywords, optIn: optInKeywords, help: helpKeywords }, 'en')
const ofLanguages = new Map<string, Heard>()
for (const { code, optOut, optIn, help } of languages)
  for (const [said, keyword] of heard({ optOut, optIn, help }, code))
    if (!ofLanguages.has(said)) ofLanguages.set(said, keyword)
const knownLengthMax = Math.max(lengthMax(standard), lengthMax(ofLanguages))
const nothing: Classification = { intent: 'none', rule: 'no-match', confidence: 1 }

/**
 * What the person meant by a message. A message that is exactly a keyword (see `normalise` for what does not count) is
 * an opt-out, an opt-in or a call for help: the standard ones first, then the account's, then those of other languages;
 * but a word that opts out in any of these opts out. Free text may be a likely opt-out and is
 * never anything else (47 CFR 64.1200(a)(10): any reasonable means). Its time is bounded, whatever the message.
 */
export function classify(text: string, context: ClassifyContext = {}): Classification {
  const own = context.keywords === undefined ? undefined : heard(context.keywords)
  const normal = normaliseUpTo(text, Math.max(knownLengthMax, own ? lengthMax(own) : 0))
  const keyword = normal === null ? null : byKeyword(spaceHyphens(normal), own)
  if (keyword?.matched === 'YES' && context.isBlocked === false) return nothing
  if (keyword) return keyword
  if (normal === '' && !text.includes(stopSign)) return nothing
  const free = readFreeText(text, context.recentTexts)
  return free ? { intent: 'likely-opt-out', ...free } : nothing
}

function byKeyword(said: string, own: ReadonlyMap<string, Heard> | undefined): Classification | null {
  const byStandard = standard.get(said)
  if (byStandard) return { ...byStandard, rule: 'keyword', confidence: 1 }
  const byAccount = own?.get(said)
  const byLanguage = ofLanguages.get(said)
  if (byAccount && (byAccount.intent === 'opt-out' || byLanguage?.intent !== 'opt-out'))
    return { ...byAccount, rule: 'account-keyword', confidence: 1 }
  return byLanguage ? { ...byLanguage, rule: 'language-keyword', confidence: 1 } : null
}

function heard(keywords: AccountKeywords, language?: string): Map<string, Heard> {
  const byText = new Map<string, Heard>()
  const add = (intent: Intent, matched: string) => {
    const said = spaceHyphens(normalise(matched))
    if (said !== '' && !byText.has(said))
      byText.set(said, { intent, matched, ...(language ? { language } : {}) })
  }
  for (const keyword of keywords.optOut ?? []) add('opt-out', keyword)
  for (const keyword of keywords.optIn ?? []) add('opt-in', keyword)
  for (const keyword of keywords.help ?? []) add('help', keyword)
  return byText
}

/** `OPT-OUT` is AWS's spelling of `OPT OUT`. */
function spaceHyphens(said: string): string {
  return isAscii(said) && !said.includes('-') ? said : said.replace(/ ?\p{Pd} ?/gu, ' ')
}

function lengthMax(keywords: ReadonlyMap<string, Heard>): number {
  let length = 0
  for (const said of keywords.keys()) length = Math.max(length, said.length)
  return length
}

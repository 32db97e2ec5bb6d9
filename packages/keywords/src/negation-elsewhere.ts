import { softBreak, type Token } from './tokens.ts'

// Languages whose word for "not" forbids as well: before an order to write it asks for an end, before an order to end
// or remove it asks for the opposite. Their lexicons name the usual phrases; this hears the others.

interface Negation {
  readonly words: ReadonlySet<Token>
  /** Who stands between the negation and its verb: "no ME borren". */
  readonly between: ReadonlySet<Token>
  /** Whether somebody must. "No, borren" loses its comma in a text, "no me borren" does not. */
  readonly isBetween: boolean
}

const negation = (words: string, between: string, isBetween: boolean): Negation => ({
  words: new Set(words.split(' ')),
  between: new Set(between.split(' ')),
  isBetween,
})

const byCode: Readonly<Record<string, Negation>> = {
  es: negation('no nunca', 'me nos lo los', true),
  ca: negation('no', 'em m ens', true),
  pt: negation('nao nunca', 'me nos', true),
  it: negation('non', 'mi ci', true),
  ro: negation('nu', 'ma mi ne', true),
  fr: negation('ne n', 'me m nous', false),
  ru: negation('не', 'меня нас мои мой', false),
  uk: negation('не', 'мене нас', false),
  pl: negation('nie', 'mnie nas', true),
  tl: negation('wag huwag', 'nyo niyo ninyo mo ko ako akong po muna', true),
  ht: negation('pa', 'm mwen', false),
  id: negation('jangan', 'dulu', false),
}

/** Turkish negates by a syllable of the verb: "çıkarMAyın". */
const turkish = /(?:mayin|meyin|mayiniz|meyiniz|masin|mesin|mayin lutfen)$/
/** Korean behind it: "수신거부 하지 않을게요". */
const korean = /^하?지(?:않|마|말)/

/** Whether what ends or removes is negated, so that the opposite is meant. The phrase begins at `at`. */
export function isNegatedIn(code: string, tokens: readonly Token[], at: number, length: number): boolean {
  if (code === 'tr') return turkish.test(tokens[at + length - 1] ?? '')
  if (code === 'ko') return korean.test(tokens.slice(at + length, at + length + 3).join(''))
  const { words, between, isBetween } = byCode[code] ?? { words: none, between: none, isBetween: true }
  let back = at - 1
  while (back >= 0 && at - back <= 3 && between.has(tokens[back] as Token)) back--
  if (isBetween && back === at - 1) return false
  const before = tokens[back]
  return before !== undefined && before !== softBreak && words.has(before)
}

const none: ReadonlySet<Token> = new Set()

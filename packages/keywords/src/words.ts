import { begins, known as knownOf } from './lexicon.ts'
import { type Known, phraseWords, unknown } from './phrases.ts'
import { replies } from './quoted.ts'
import { hardBreak, softBreak, type Token } from './tokens.ts'
import { initials, slips, variantOf } from './variants.ts'

/** A word with all that is asked of every word of a message, found by one look. */
export interface Word extends Known {
  /** Of `is`. */
  readonly flags: number
  /** The keyword that it is a slip or a disguise of. */
  readonly variant: string | null
}

/** Tokens, a word for each, and the flags of any of them. */
export interface Read {
  readonly tokens: readonly Token[]
  readonly words: readonly Word[]
  readonly flags: number
}

export const is = {
  /** Begins an instruction such as "reply STOP". */
  reply: 1,
  /** Is a slip or a disguise of a keyword, or may be the first letter of one that is spelt out. */
  variant: 2,
  /** Tells an English sentence from one of another language. */
  english: 4,
  /** Begins a phrase that makes a sentence worth reading, in English or in other languages. */
  telling: 8,
  tellingElsewhere: 16,
} as const

const functionWords = new Set(
  'the is i you can to a my it for of and in on at be have this that was are do with your we so but what when how will im ill did does would could should from by an if or as they he she her his our am been has had which who where why there then than'.split(
    ' ',
  ),
)

/** Of one shape, since it is looked at for every word. */
const withFlags = (
  { id, english, others, asksEnglish, asksOthers }: Known,
  flags: number,
  variant: string | null,
): Word => ({
  id,
  flags,
  variant,
  asksEnglish,
  asksOthers,
  english,
  others,
})

function wordOf(token: Token): Word {
  const known = knownOf(token)
  const variant = variantOf(token)
  const flags =
    (replies.has(token) ? is.reply : 0) |
    (initials.has(token) || variant !== null ? is.variant : 0) |
    (functionWords.has(token) ? is.english : 0) |
    (known.english.tells ? is.telling : 0) |
    (known.others.tells ? is.tellingElsewhere : 0)
  return withFlags(known, flags, variant)
}

/** Long words of an opt-out with two letters swapped, or one left out: none is a word. */
function misspelt(word: Token): Token[] {
  const wrong: Token[] = []
  for (let at = 1; at < word.length; at++) {
    wrong.push(word.slice(0, at) + word.slice(at + 1))
    if (at + 1 < word.length) wrong.push(word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2))
  }
  return wrong
}
const often =
  'remove number contact message messages messaging texting sending delete please receive numbers contacting receiving subscribed unsubscribed permission consent'.split(
    ' ',
  )

const vocabulary = new Map<Token, Word>()
for (const words of [phraseWords(), replies, slips, initials, functionWords, [softBreak, hardBreak]])
  for (const word of words) vocabulary.set(word, wordOf(word))

for (const word of often)
  for (const wrong of misspelt(word))
    if (!vocabulary.has(wrong)) vocabulary.set(wrong, withFlags(unknown, is.variant, word))

const foreign = withFlags(unknown, 0, null)

/** Only a stem or a variant is still to be looked for. */
function foreignWord(token: Token): Word {
  if (begins(token)) return wordOf(token)
  const variant = variantOf(token)
  return variant === null ? foreign : withFlags(unknown, is.variant, variant)
}

/** Looks each token up, once. */
export function readWords(tokens: readonly Token[]): Read {
  const words: Word[] = []
  let flags = 0
  for (const token of tokens) {
    const word = vocabulary.get(token) ?? foreignWord(token)
    words.push(word)
    flags |= word.flags
  }
  return { tokens, words, flags }
}

/** Other languages share words with English that mean something else. */
export function isPlainlyEnglish({ tokens, words }: Pick<Read, 'tokens' | 'words'>): boolean {
  let count = 0
  let english = 0
  for (const [at, { flags }] of words.entries()) {
    if (tokens[at] !== softBreak) count++
    if (flags & is.english) english++
  }
  return english >= Math.max(2, count * 0.3)
}

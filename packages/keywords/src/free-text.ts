import { bit, telling } from './concepts.ts'
import { hasSaidStop, keywordSentence } from './english-messages.ts'
import { type Heard, wordsOf } from './heard.ts'
import { hitsIn, type Lexicon } from './hits.ts'
import { languageOf, lexicons } from './lexicon.ts'
import { isReaction, withoutInstructions, withoutOurs, withoutQuotations } from './quoted.ts'
import { rules, type Said, saidIn } from './rules.ts'
import { isBareKeyword, isFiller, type Part, partsOf, type Sentence } from './sentences.ts'
import { type Token, tokensOf } from './tokens.ts'
import { withKeywords } from './variants.ts'
import { is, isPlainlyEnglish, type Read, readWords } from './words.ts'

/** Rules of a whole message, beside those of one sentence in `rules.ts`. */
export const messageRules = [
  {
    id: 'reaction',
    hears: "A phone's account of a reaction to a message of ours: never an opt-out.",
    example: 'Liked “Sale! Reply STOP to opt out”',
  },
  {
    id: 'keyword-variant',
    hears: 'A keyword misspelt, stretched, disguised, spelt out or repeated, among politeness.',
    example: 'S T O P please',
  },
  {
    id: 'keyword-politely',
    hears: 'A keyword with nothing but politeness or impatience around it.',
    example: 'pls stop',
  },
  {
    id: 'keyword-signed',
    hears: 'A keyword on a line of its own, above a signature or more.',
    example: 'STOP\n--\nJane Doe',
  },
  {
    id: 'keyword-sentence',
    hears: 'A sentence that is a keyword, in capitals or at the end.',
    example: 'Who is this? STOP',
  },
  {
    id: 'stop-said',
    hears: 'That the person has said stop before, or asked for it.',
    example: 'This is the third time I have asked you to stop',
  },
] as const

/** What free text asks for: an opt-out, or nothing. It never asks for texts again. */
export function readFreeText(text: string, recentTexts: readonly string[] = []): Heard | null {
  if (isReaction(text)) return null
  const own = withoutQuotations(text)
  const read = asMeant(withoutOurs(tokensOf(own), recentTexts.slice(-recentMax).map(oursIn)))
  if (!(read.flags & (is.telling | is.tellingElsewhere))) return null
  const parts = partsOf(read)
  for (const lexicon of lexicons) {
    const isTold = read.flags & (lexicon.isEnglish ? is.telling : is.tellingElsewhere)
    const heard = isTold ? readBy(lexicon, parts, { own, variants: read.variants }) : null
    if (heard === 'opposite') return null
    if (heard !== null || parts.every(isPlainlyEnglish)) return heard
  }
  return null
}

/** Without instructions, and with keywords that are misspelt put right. */
function asMeant(tokens: readonly Token[]): Read & { readonly variants: boolean } {
  let read = readWords(tokens)
  if (read.flags & is.reply) read = readWords(withoutInstructions(read.tokens))
  if (!(read.flags & is.variant)) return { ...read, variants: false }
  const { words } = read
  const put = withKeywords(read.tokens, (at) => words[at]?.variant ?? null)
  return { ...(put.variants ? readWords(put.tokens) : read), variants: put.variants }
}

/** What is quoted of ours is its beginning or its end; older texts than these are not quoted. */
const recentMax = 5
const oursIn = (text: string) =>
  tokensOf(text.length <= 640 ? text : `${text.slice(0, 320)}\n${text.slice(-320)}`)

function readBy(
  lexicon: Lexicon,
  parts: readonly Part[],
  { own, variants }: { own: string; variants: boolean },
): Heard | 'opposite' | null {
  // One that opens with "no" forbids by whatever else it says.
  const sentences = parts.map((part) => ({
    tokens: part.tokens,
    hits: hitsIn(lexicon, { ...part, all: part.tokens[0] === 'no' }),
  }))
  if (!sentences.some(mayAsk)) return null
  const whole = wholeMessage(sentences, variants)
  if (whole) return whole
  if (lexicon.isEnglish) {
    const again = sentences.find(({ tokens }) => hasSaidStop(tokens.join(' ')))
    if (again) return { rule: 'stop-said', matched: wordsOf([again]), language: 'en', confidence: 0.9 }
  }
  const said = sentences.map(saidIn)
  const heard = inSentences(sentences, said)
  if (heard) return heard
  if (said.some((all) => all.some(({ bits }) => bits & bit.keep))) return 'opposite'
  return keywordSentence(own, sentences)
}

/** Most texts have no word of the kind, and are read no further. */
const mayAsk = ({ hits, tokens }: Sentence) => hits.some(({ bits }) => bits & telling) || tokens[0] === 'no'

function wholeMessage(sentences: readonly Sentence[], variants: boolean): Heard | null {
  let language: number | null = null
  for (const sentence of sentences) {
    const bare = isBareKeyword(sentence)
    if (bare) language ??= bare.language
    else if (!isFiller(sentence)) return null
  }
  if (language === null) return null
  const rule = variants ? 'keyword-variant' : 'keyword-politely'
  return { rule, matched: wordsOf(sentences), language: languageOf(language).code, confidence: 0.95 }
}

/** The opposite said in one sentence, and nothing else, is not undone by another. */
function inSentences(sentences: readonly Sentence[], all: readonly (readonly Said[])[]): Heard | null {
  for (const [index, said] of all.entries()) {
    if (said.some(({ bits }) => bits & bit.keep)) continue
    for (const rule of rules) {
      const heard = said.find((one) => rule.holds(one))
      if (!heard) continue
      return {
        rule: rule.id,
        matched: wordsOf(sentences.slice(index, index + 1)),
        language: heard.code,
        confidence: rule.confidence,
      }
    }
  }
  return null
}

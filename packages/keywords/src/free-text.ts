import { bit, telling } from './concepts.ts'
import { hitsIn, type Lexicon } from './hits.ts'
import { languageOf, lexicons } from './lexicon.ts'
import { isReaction, withoutInstructions, withoutOurs, withoutQuotations } from './quoted.ts'
import { rules, type Said, saidIn } from './rules.ts'
import { isBareKeyword, isFiller, type Part, partsOf, type Sentence } from './sentences.ts'
import { type Token, tokensOf } from './tokens.ts'
import { withKeywords } from './variants.ts'
import { is, isPlainlyEnglish, type Read, readWords } from './words.ts'

/** An opt-out heard in free text, and by which rule. */
export interface Heard {
  readonly rule: string
  /** The words that decided, as they were read. */
  readonly matched: string
  readonly language: string
  readonly confidence: number
}

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

const loud =
  /(?:^|[.!?\n;])[^\p{L}\p{N}\n]*(?:STOP|STOP ALL|STOPALL|UNSUBSCRIBE|OPT OUT|OPTOUT|CANCEL|QUIT|END)[^\p{L}\p{N}\n]*(?:[.!?\n;]|$)/u
const line =
  /(?:^|\n)[^\p{L}\p{N}\n]*(?:stop|stop all|stopall|unsubscribe|opt out|optout)[^\p{L}\p{N}\n]*(?:\n|$)/iu
const signed =
  /^[^\p{L}\p{N}\n]*(?:stop|stop all|stopall|unsubscribe|opt[ -]?out|cancel|quit|end|revoke)[^\p{L}\p{N}\n]*(?:\n|\s+(?:--|—|–|-)\s*\p{Lu})/iu

/** "This isn't Kevin": a name, by its capital. */
const anotherName =
  /(?:^|[.!?,\n] ?)(?:[Ss]orry,? )?(?:[Tt]his|[Ii]t)(?: is not|['’]?s not| isn['’]?t) (?!I\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Janu|Febru)ary|March|April|May|June|July|August|(?:Septem|Novem|Decem)ber|October|Christmas|OK\b)\p{Lu}\p{Ll}+[.!]*\s*(?:$|[.!,\n])/u

function keywordSentence(text: string, sentences: readonly Sentence[]): Heard | null {
  const head = text.slice(0, 1_000)
  if (anotherName.test(head))
    return { rule: 'wrong-number', matched: wordsOf(sentences), language: 'en', confidence: 0.8 }
  if (!sentences.some(({ hits }) => hits.some(({ bits }) => bits & (bit.keyword | bit.remove)))) return null
  const isLast = (sentences.length > 1 && isStrong(sentences.at(-1))) || sentences.some(endsInKeyword)
  const rule = signed.test(head)
    ? 'keyword-signed'
    : loud.test(head) || line.test(head) || isLast
      ? 'keyword-sentence'
      : null
  const keyword = sentences.find((sentence) => isBareKeyword(sentence)) ?? sentences[0]
  return rule && keyword ? { rule, matched: wordsOf([keyword]), language: 'en', confidence: 0.9 } : null
}

function isStrong(sentence: Sentence | undefined): boolean {
  return (
    sentence !== undefined &&
    isBareKeyword(sentence) !== null &&
    /\b(?:stop|unsubscribe|unsub|stopall|optout|opt out)\b/.test(sentence.tokens.join(' '))
  )
}

const ending =
  /(?:, |please |pls |plz |just )(?:stop|unsubscribe|unsub)(?: (?:please|pls|plz|now|thanks|thank you|thx|it|this|already|immediately))*$/
const aPlace =
  /\b(?:the|a|an|this|next|last|bus|pit|full|one|to|cant|cannot|dont|wont|not|never|ever|that|first|train|truck|rest|it|i|we|he|she|they|you|u|will|would|when|metro|subway|my|our|your|his|her|quick|short|non|door|tram|taxi|every|final|second|and|or|of|at|each|said|say|says|didnt|didn|really|just|even|make|made|dare|called|named|is|was|word|sign|on|in|from|by|with|no|non|please) stop$/
const lastWord = /\S+ \S+ stop$/

const asked = /(?:please|pls|plz) (?:remove|delete)(?: now| thanks)?$/
const opening = /^(?:ok |hey |hi |yes |no )?(?:please|pls|plz|just) (?:stop|unsubscribe)(?: now| it)? ,/

/** A clause that is a keyword, or asks for one politely: "please stop, I'm at a funeral". */
function endsInKeyword({ tokens, hits }: Sentence): boolean {
  const words = tokens.join(' ')
  if (ending.test(words.slice(-60)) || opening.test(words.slice(0, 40))) return true
  if (lastWord.test(words.slice(-60)) && !aPlace.test(words.slice(-60))) return true
  return asked.test(words.slice(-40)) && !hits.some(({ bits }) => bits & bit.ordinary)
}

const wordsOf = (sentences: readonly Sentence[]) =>
  sentences
    .map(({ tokens }) => tokens.join(' '))
    .join(' ')
    .slice(0, 160)

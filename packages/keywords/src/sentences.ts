import { bit, type Hit, languageOf } from './lexicon.ts'
import { hardBreak, softBreak, type Token } from './tokens.ts'

/** A sentence or line, with what its words stand for. */
export interface Sentence {
  readonly tokens: readonly Token[]
  /** In order; `at` counts from the sentence's first token. */
  readonly hits: readonly Hit[]
}

/** Nobody asks in a longer one. What looks at every two words of a sentence stays bounded by it. */
const sentenceMax = 32

/** Cut at the ends of sentences and lines, which no phrase crosses. */
export function sentencesOf(tokens: readonly Token[]): (readonly Token[])[] {
  const sentences: (readonly Token[])[] = []
  let from = 0
  for (let at = 0; at <= tokens.length; at++) {
    if (at < tokens.length && tokens[at] !== hardBreak && at - from < sentenceMax) continue
    if (at > from) {
      const part = tokens.slice(from, at)
      if (part.some((token) => token !== softBreak)) sentences.push(part)
    }
    from = tokens[at] === hardBreak ? at + 1 : at
  }
  return sentences
}

/** In these a word that stops also forbids, and alone says nothing. */
const forbidding = new Set(['en', 'zh', 'ko', 'tl', 'ht', 'vi', 'fi', 'th', 'id'])
const weak = new Set(['cancel', 'end', 'quit', 'remove', 'no more'])

/** Whether nothing but keywords of one language and politeness is said, and at least one keyword. */
export function isBareKeyword({ tokens, hits }: Sentence): { language: number } | null {
  const isKeyword = ({ bits, language }: Hit) =>
    (bits & bit.keyword) !== 0 || ((bits & bit.stop) !== 0 && !forbidding.has(languageOf(language).code))
  const keywords = hits.filter(isKeyword)
  // "I need to cancel" may be a booking.
  const isWeak = keywords.every(({ at, length }) => weak.has(tokens.slice(at, at + length).join(' ')))
  if (isWeak && tokens.includes('to')) return null
  const languages = new Set(keywords.map(({ language }) => language))
  for (const language of languages) {
    const covered = new Array<boolean>(tokens.length).fill(false)
    for (const hit of hits) {
      const counts = hit.bits & bit.filler || (hit.language === language && isKeyword(hit))
      if (counts) covered.fill(true, hit.at, hit.at + hit.length)
    }
    if (tokens.every((token, at) => covered[at] || token === softBreak)) return { language }
  }
  return null
}

/** Whether each word is one that the lexicon knows, in this language or every one. */
export function isCovered(tokens: readonly Token[], hits: readonly Hit[]): boolean {
  const covered = new Array<boolean>(tokens.length).fill(false)
  for (const hit of hits) covered.fill(true, hit.at, hit.at + hit.length)
  return tokens.every((token, at) => covered[at] || token === softBreak)
}

/** Whether nothing but politeness is said. */
export function isFiller({ tokens, hits }: Sentence): boolean {
  const covered = new Array<boolean>(tokens.length).fill(false)
  for (const hit of hits) if (hit.bits & bit.filler) covered.fill(true, hit.at, hit.at + hit.length)
  return tokens.every((token, at) => covered[at] || token === softBreak)
}

import { bit } from './concepts.ts'
import type { Hit } from './hits.ts'
import { languageOf } from './lexicon.ts'
import { hardBreak, softBreak, type Token } from './tokens.ts'
import type { Read } from './words.ts'

/** A sentence or line. */
export type Part = Pick<Read, 'tokens' | 'words'>

/** The same with what its words stand for. */
export interface Sentence {
  readonly tokens: readonly Token[]
  /** In order; `at` counts from the sentence's first token. */
  readonly hits: readonly Hit[]
}

/** Nobody asks in a longer one. What looks at every two words of a sentence stays bounded by it. */
const sentenceMax = 32

/** Cut at the ends of sentences and lines, which no phrase crosses. */
export function partsOf({ tokens, words }: Part): Part[] {
  const parts: Part[] = []
  let from = 0
  for (let at = 0; at <= tokens.length; at++) {
    if (at < tokens.length && tokens[at] !== hardBreak && at - from < sentenceMax) continue
    if (at > from) {
      const part = tokens.slice(from, at)
      if (part.some((token) => token !== softBreak))
        parts.push({ tokens: part, words: words.slice(from, at) })
    }
    from = tokens[at] === hardBreak ? at + 1 : at
  }
  return parts
}

/** In these a word that stops also forbids, and alone says nothing. */
const forbidding = new Set(['en', 'zh', 'ko', 'tl', 'ht', 'vi', 'fi', 'th', 'id'])
const weak = new Set(['cancel', 'end', 'quit', 'remove', 'no more'])

/** Whether nothing but keywords of one language and politeness is said, and at least one keyword. */
export function isBareKeyword({ tokens, hits }: Sentence): { language: number } | null {
  let isWeak = true
  for (const hit of hits)
    if (isKeyword(hit) && !weak.has(tokens.slice(hit.at, hit.at + hit.length).join(' '))) isWeak = false
  // "I need to cancel" may be a booking.
  if (isWeak && tokens.includes('to')) return null
  let tried = 0
  for (const hit of hits) {
    if (!isKeyword(hit) || tried & (1 << hit.language)) continue
    tried |= 1 << hit.language
    const { language } = hit
    const counts = (one: Hit) => one.bits & bit.filler || (one.language === language && isKeyword(one))
    if (covers(tokens, hits, counts)) return { language }
  }
  return null
}

const isKeyword = ({ bits, language }: Hit) =>
  (bits & bit.keyword) !== 0 || ((bits & bit.stop) !== 0 && !forbidding.has(languageOf(language).code))

/** Whether the hits that count leave no word out. A sentence has no more tokens than a number has bits. */
function covers(tokens: readonly Token[], hits: readonly Hit[], counts: (hit: Hit) => unknown): boolean {
  let open = 0
  for (let at = 0; at < tokens.length; at++) if (tokens[at] !== softBreak) open |= 1 << at
  for (const hit of hits) {
    if (open === 0) return true
    if (counts(hit)) open &= ~(((hit.length < 32 ? 1 << hit.length : 0) - 1) << hit.at)
  }
  return open === 0
}

/** Whether each word is one that the lexicon knows, in this language or every one. */
export const isCovered = (tokens: readonly Token[], hits: readonly Hit[]): boolean =>
  covers(tokens, hits, () => true)

/** Whether nothing but politeness is said. */
export const isFiller = ({ tokens, hits }: Sentence): boolean =>
  covers(tokens, hits, ({ bits }) => bits & bit.filler)

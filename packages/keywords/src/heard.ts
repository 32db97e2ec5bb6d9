import type { Sentence } from './sentences.ts'

/** An opt-out heard in free text, and by which rule. */
export interface Heard {
  readonly rule: string
  /** The words that decided, as they were read. */
  readonly matched: string
  readonly language: string
  readonly confidence: number
}

/** The beginning of what was read. */
export const wordsOf = (sentences: readonly Sentence[]) =>
  sentences
    .map(({ tokens }) => tokens.join(' '))
    .join(' ')
    .slice(0, 160)

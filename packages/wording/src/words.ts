import { normalise } from '@heed/keywords'

/** One word of a wording, with what a reader sees around it. */
export interface Word {
  /** Normalised as an incoming message would be. */
  readonly said: string
  /** What stands between the word before and this one. */
  readonly gap: string
  readonly capital: boolean
  readonly quoted: boolean
}

const wordPattern = /\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)*|\p{N}+/gu
const openingQuote = /["'“”‘’«»„‚`*<[(]\s?$/u
const closingQuote = /^\s?["'“”‘’«»`*>\])]/u

/** The words of a text in order. Digits are words of their own, so that `STOP2END` has three. */
export function wordsOf(text: string): Word[] {
  const seen = text.replace(/\p{Cf}/gu, '')
  const mixedCase = /\p{Ll}/u.test(seen)
  const words: Word[] = []
  let end = 0
  for (const { 0: raw, index } of seen.matchAll(wordPattern)) {
    const gap = seen.slice(end, index)
    end = index + raw.length
    words.push({
      said: normalise(raw),
      gap,
      capital: mixedCase && raw.length > 1 && raw === raw.toUpperCase() && raw !== raw.toLowerCase(),
      quoted: openingQuote.test(gap) && closingQuote.test(seen.slice(end, end + 2)),
    })
  }
  return words
}

/** A sentence ends in this gap. */
export function endsSentence(gap: string): boolean {
  return /[.!?;…。！？\r\n]/u.test(gap)
}

/** The keywords as the words they consist of, so that `OPT-OUT` and `opt out` are the same two. */
export function keywordsAsWords(keywords: readonly string[]): string[][] {
  return keywords.map((keyword) => wordsOf(keyword).map(({ said }) => said)).filter((said) => said.length > 0)
}

/** How many words the longest of `phrases` takes that stands at `index`, or 0. */
export function phraseAt(words: readonly Word[], index: number, phrases: readonly string[][]): number {
  let longest = 0
  for (const phrase of phrases) {
    if (phrase.length > longest && phrase.every((said, offset) => words[index + offset]?.said === said)) {
      longest = phrase.length
    }
  }
  return longest
}

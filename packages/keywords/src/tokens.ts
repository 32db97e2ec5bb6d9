import { foldFreely, isAlphanumeric, isAscii } from './normalise.ts'

/** A word, as the lexicon spells it, or a break between words. */
export type Token = string

/** A comma or bracket: what is said goes on behind it. */
export const softBreak = ','
/** The end of a sentence or line. */
export const hardBreak = '.'

/** What is said of consent stands at the beginning or at the end. */
const headMax = 1_000
const tailMax = 300
const tokensMax = 96

/** Says the word as a picture. */
export const stopSign = '🛑'

const piece = /[\p{L}\p{N}]+|[\n\r.!?;…。！？؟।]+|[,:()،、，；：—–]+/gu
const elided = /(?<![\p{L}\p{N}])([\p{L}])['’`´ʼ](?=\p{L})/gu
const mark = /['’`´ʼ]/
const apostrophe = /(?<=\p{L})['’`´ʼ](?=\p{L})/gu
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u
const each =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]|[^\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]+/gu

/**
 * The words of a text in the spelling of the lexicon, with breaks between sentences and clauses. "don't" is one word,
 * "n'arrêtez" two, "opt-out" two; a script without spaces is read character by character. Bounded: of a long text only
 * the beginning and the end.
 */
export function tokensOf(text: string): Token[] {
  const read = text.length <= headMax + tailMax ? text : `${text.slice(0, headMax)}\n${text.slice(-tailMax)}`
  const lower = foldFreely(read.includes(stopSign) ? read.replaceAll(stopSign, ' stop ') : read)
  const folded = lower.includes('$') ? lower.replace(/\$(?=[a-z])/g, 's') : lower
  const tokens = isAscii(folded) ? plainTokens(folded) : anyTokens(folded)
  if (tokens.length <= tokensMax) return tokens
  return [...tokens.slice(0, tokensMax - tokensMax / 4), hardBreak, ...tokens.slice(-tokensMax / 4)]
}

/** The same for ASCII, letter by letter: most texts are, and an expression takes several times as long. */
function plainTokens(text: string): Token[] {
  const tokens: Token[] = []
  let start = -1
  let word = ''
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? text.charCodeAt(at) : 32
    if (isAlphanumeric(unit)) {
      if (start < 0) start = at
      continue
    }
    if (start >= 0) word += text.slice(start, at)
    // "don't" is one word, "m'envoyez" is two.
    const isElided = unit === 39 && word !== '' && isAlphanumeric(text.charCodeAt(at + 1))
    start = -1
    if (isElided && word.length > 1) continue
    if (word !== '') tokens.push(word)
    word = ''
    if (isHard(unit)) tokens.push(hardBreak)
    else if (isSoft(unit)) tokens.push(softBreak)
  }
  return tokens
}

const isHard = (unit: number) =>
  unit === 46 || unit === 33 || unit === 63 || unit === 59 || unit === 10 || unit === 13
const isSoft = (unit: number) => unit === 44 || unit === 58 || unit === 40 || unit === 41

function anyTokens(text: string): Token[] {
  const tokens: Token[] = []
  const joined = mark.test(text) ? text.replace(elided, '$1 ').replace(apostrophe, '') : text
  for (const [found] of joined.matchAll(piece)) {
    if (wordLike.test(found)) addWord(tokens, found)
    else tokens.push(softBreaks.includes(found.charAt(0)) ? softBreak : hardBreak)
  }
  return tokens
}

const softBreaks = ',:()،、，；：—–'
const wordLike = /^[\p{L}\p{N}]/u

function addWord(tokens: Token[], word: string): void {
  if (word.charCodeAt(0) < 0x0e00 && !unspaced.test(word)) tokens.push(word)
  else for (const [part] of word.matchAll(each)) tokens.push(part)
}

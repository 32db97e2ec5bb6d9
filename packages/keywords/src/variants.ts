import { hardBreak, softBreak, type Token } from './tokens.ts'

/** Keywords that mean nothing else, so that a slip or a disguise of one is heard as well. */
const stops = ['stop', 'stopall', 'unsubscribe', 'unsub', 'optout'] as const
const known: ReadonlySet<string> = new Set(stops)

/** Slips of the hand that no rule below makes, and that are no words. */
export const slips: ReadonlySet<string> = new Set(
  'sotp stpo tsop stp stpp stoo stoip stiop stopo stoop stopp atop syop srop stpop sstop dtop stopt sopt stopl sto0p sttop stob stopm stoppls stopplease plstop plsstop stopnow pleasestop stoptexting stopit stoptxting stoptextingme stopmessaging stopsms stopspam stoptext stoptexts'.split(
    ' ',
  ),
)
/** Words of their own, that are a slip of no other. */
const ownWords: ReadonlySet<string> = new Set(
  'atop sopt stoop stoops unsubscribed unsubscribes unsubscribing unsubscriber unsubscribers'.split(' '),
)

const digits: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' }
const lookAlike: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    в: 'b',
    е: 'e',
    к: 'k',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    с: 'c',
    т: 't',
    у: 'y',
    х: 'x',
    ѕ: 's',
    і: 'i',
  },
  ...{
    ј: 'j',
    ո: 'n',
    ԁ: 'd',
    υ: 'u',
    ν: 'v',
    ο: 'o',
    ρ: 'p',
    τ: 't',
    α: 'a',
    ε: 'e',
    ι: 'i',
    κ: 'k',
    η: 'n',
    χ: 'x',
  },
  ...{
    β: 'b',
    ս: 'u',
    օ: 'o',
    ꜱ: 's',
    ᴛ: 't',
    ᴏ: 'o',
    ᴘ: 'p',
    ѵ: 'v',
    ⅼ: 'l',
    ӏ: 'l',
    ƨ: 's',
    ꓢ: 's',
    ꓔ: 't',
    ꓳ: 'o',
    ꓑ: 'p',
    ѡ: 'w',
  },
}

const lookingAlike: ReadonlySet<number> = new Set(
  Object.keys(lookAlike).map((letter) => letter.charCodeAt(0)),
)

/**
 * The keyword that a word is a slip or a disguise of: letters doubled or stretched, digits and look-alike letters of
 * other scripts in their place, one or two wrong in a long word, the word said again and again. Null for any other.
 */
export function variantOf(token: Token): string | null {
  if (token.length < 3 || token.length > 60 || known.has(token) || ownWords.has(token) || !mayVary(token))
    return null
  if (slips.has(token)) return 'stop'
  const plain = plainLetters(token)
  const short = squeezed(plain)
  for (const form of short === plain ? [plain] : [plain, short]) {
    if (known.has(form) && form !== token) return form
    const repeated = repeatedIn(form)
    if (repeated) return repeated
    if (isNear(form, 'unsubscribe')) return 'unsubscribe'
  }
  return null
}

/** A word of plain letters that begins like no keyword is none. */
function mayVary(token: Token): boolean {
  const first = token.charCodeAt(0)
  if (first === 115 || first === 117 || first === 111) return true
  // A word of another script than these has no letter that looks like one of a keyword's.
  if (first > 127 && !lookingAlike.has(first)) return false
  return !isPlainWord(token) || slips.has(token)
}

function isPlainWord(token: Token): boolean {
  for (let at = 0; at < token.length; at++) {
    const unit = token.charCodeAt(at)
    if (unit < 97 || unit > 122) return false
  }
  return true
}

function plainLetters(token: string): string {
  if (isPlainWord(token)) return token
  let plain = ''
  let hasLetter = false
  for (const letter of token) {
    const alike = lookAlike[letter]
    if (alike !== undefined || !(letter in digits)) hasLetter = true
    plain += alike ?? letter
  }
  return hasLetter ? plain.replace(/[0134578]/g, (digit) => digits[digit] ?? digit) : token
}

function squeezed(word: string): string {
  for (let at = 1; at < word.length; at++)
    if (word.charCodeAt(at) === word.charCodeAt(at - 1) || (word.charCodeAt(at) & 0xf800) === 0xd800)
      return word.replace(/(.)\1+/gu, '$1')
  return word
}

function repeatedIn(word: string): string | null {
  for (const stop of ['stop', 'unsubscribe', 'unsub'])
    if (
      word.length > stop.length &&
      word.length % stop.length === 0 &&
      word === stop.repeat(word.length / stop.length)
    )
      return stop
  return null
}

/** At most two letters left out, put in, changed or swapped; the ends alike, so that other words are none. */
function isNear(word: string, target: string): boolean {
  if (Math.abs(word.length - target.length) > 2 || word.slice(0, 3) !== target.slice(0, 3)) return false
  let [before, row] = [[] as number[], Array.from({ length: target.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= word.length; i++) {
    const next = [i]
    for (let j = 1; j <= target.length; j++) {
      const cost = word[i - 1] === target[j - 1] ? 0 : 1
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && word[i - 1] === target[j - 2] && word[i - 2] === target[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      next.push(least)
    }
    ;[before, row] = [row, next]
  }
  return (row[target.length] ?? 9) <= 2
}

/**
 * Tokens with single letters joined where they spell a keyword ("s t o p"), and variants put right. `variantAt` is
 * `variantOf` of the token at a place.
 */
export function withKeywords(
  tokens: readonly Token[],
  variantAt: (at: number) => string | null,
): { tokens: readonly Token[]; variants: boolean } {
  let read: Token[] | null = null
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token
    const spelt = initials.has(token) ? speltFrom(tokens, at) : null
    const put = spelt?.word ?? variantAt(at)
    if (put !== null) read ??= tokens.slice(0, at)
    read?.push(put ?? token)
    if (spelt) at += spelt.length - 1
  }
  return { tokens: read ?? tokens, variants: read !== null }
}

/** The first letter of a keyword, and what looks like it. */
export const initials: ReadonlySet<Token> = new Set([
  ...['s', 'u', '5'],
  ...Object.keys(lookAlike).filter((letter) => lookAlike[letter] === 's' || lookAlike[letter] === 'u'),
])

function speltFrom(tokens: readonly Token[], start: number): { word: string; length: number } | null {
  let word = ''
  for (let at = start; at < tokens.length && word.length <= 11; at++) {
    const token = tokens[at] as Token
    if (token === softBreak || token === hardBreak) continue
    if (token.length > 2) return null
    word += lookAlike[token] ?? digits[token] ?? token
    if (!spellable.some((keyword) => keyword.startsWith(word))) return null
    if (word === 'stop' || word === 'unsubscribe') return { word, length: at + 1 - start }
  }
  return null
}
const spellable = ['stop', 'unsubscribe']

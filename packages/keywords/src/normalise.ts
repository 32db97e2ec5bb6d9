/** Format characters, variation selectors, fillers: what a phone adds and nobody sees. And marks. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{M}]/gu
const mark = /\p{M}/gu
const lettersAndDigits = /[\p{L}\p{N}]/gu
const letterOrDigit = /[\p{L}\p{N}]/u
const jamo = /[\u1100-\u11ff]/
const gap = /[\s\p{Cc}]+/gu
const plain = /^[\x20-\x7e]*$/
const chunkLength = 128

/**
 * A text reduced to what it says: compatibility forms folded (NFKC), invisible characters and marks dropped,
 * case folded alike in every locale, all but letters and digits trimmed from both ends, inner space
 * collapsed to one space. Empty where there is no letter and no digit. Its time is linear in the length.
 */
export function normalise(text: string): string {
  return normaliseUpTo(text, Number.POSITIVE_INFINITY) ?? ''
}

/**
 * As `normalise`, or null as soon as it is certain that the outcome would have more than `lengthMax`
 * characters: a long text costs next to nothing where only short ones matter.
 */
export function normaliseUpTo(text: string, lengthMax: number): string | null {
  if (plain.test(text)) return normalisePlain(text, lengthMax)
  const core = foldedCore(text, lengthMax)
  if (core === null) return null
  const spaced = core.replace(/\s+/g, ' ').replace(unseen, '')
  if (spaced.length > lengthMax && spaced.length > atMostComposedTo(lengthMax, spaced)) return null
  return foldCase(spaced.normalize('NFC')).replace(gap, ' ')
}

/** The same for printable ASCII, which decomposes to nothing: most texts are. */
function normalisePlain(text: string, lengthMax: number): string | null {
  let start = 0
  let end = text.length
  while (start < end && !isAlphanumeric(text.charCodeAt(start))) start++
  while (end > start && !isAlphanumeric(text.charCodeAt(end - 1))) end--
  if (end - start > lengthMax && !text.includes('  ')) return null
  const spaced = text.slice(start, end).replace(/ {2,}/g, ' ').toLowerCase()
  return spaced.length > lengthMax ? null : spaced
}

/** ASCII letters and digits. */
export function isAlphanumeric(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57)
}

/**
 * From the first letter or digit to the last, compatibility forms decomposed. Marks are dropped before: Unicode's
 * canonical ordering of a long run of them takes quadratic time, and a hostile text is such a run.
 */
function foldedCore(text: string, lengthMax: number): string | null {
  let folded = ''
  let found = 0
  let start = -1
  let end = 0
  for (const chunk of chunks(text)) {
    const decomposed = chunk.replace(unseen, '').normalize('NFKD')
    const first = decomposed.search(letterOrDigit)
    if (first >= 0) {
      if (start < 0) start = folded.length + first
      end = folded.length + lastLetterEnd(decomposed)
      // A short beginning need not be counted.
      if (folded !== '' || decomposed.length > lengthMax)
        found += decomposed.match(lettersAndDigits)?.length ?? 0
      if (found > lengthMax && found > atMostComposedTo(lengthMax, folded + decomposed)) return null
    }
    folded += decomposed
  }
  return start < 0 ? '' : folded.slice(start, end)
}

function lastLetterEnd(text: string): number {
  for (let at = text.length; at > 0; at--) {
    const isPair = (text.charCodeAt(at - 1) & 0xfc00) === 0xdc00 && at > 1
    if (letterOrDigit.test(isPair ? text.slice(at - 2, at) : text.charAt(at - 1))) return at
  }
  return 0
}

/** Composition makes one Hangul syllable of at most three letters; nothing else joins letters. */
function atMostComposedTo(length: number, text: string): number {
  return jamo.test(text) ? length * 3 : length
}

/** Cut only between characters. */
function* chunks(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = start + chunkLength + (isHighSurrogate(text.charCodeAt(start + chunkLength - 1)) ? 1 : 0)
    yield text.slice(start, end)
    start = end
  }
}

function isHighSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xd800
}

/** By way of upper case, so that the Turkish dotless i of `unsubscrıbe` folds too. */
function foldCase(text: string): string {
  return text.toUpperCase().toLowerCase().replace(mark, '')
}

const letters: Readonly<Record<string, string>> = {
  æ: 'ae',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  œ: 'oe',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}
const otherLetters = /[æøđłœðþı]/g
const ascii = /^\p{ASCII}*$/u
/** A ligature decomposes to eighteen letters: a text of nothing else must not take eighteen times as long. */
const foldedMax = 1_200
export const isAscii = (text: string) => ascii.test(text)

/** Folded as `normalise` does, punctuation, spaces and line breaks kept, and letters that Unicode does not decompose spelt out. */
export function foldFreely(text: string): string {
  if (isAscii(text)) return text.toLowerCase()
  let folded = ''
  for (const chunk of chunks(text)) {
    folded += chunk.replace(unseen, '').normalize('NFKD').replace(unseen, '')
    if (folded.length > foldedMax) break
  }
  return foldCase(folded.slice(0, foldedMax).normalize('NFC')).replace(
    otherLetters,
    (letter) => letters[letter] ?? letter,
  )
}

import { type AccountKeywords, normalise, optOutKeywords } from '@heed/keywords'
import { instructsOptOut } from './opt-out-instruction.ts'
import { keywordsAsWords, phraseAt, wordsOf } from './words.ts'

/**
 * True where a wording names, as a word to reply with, an opt-out keyword that the account hears: by an
 * English instruction, or in any language by a keyword in capitals or quotes (`Antworte STOP`), or by one in
 * a script without capitals. An opt-out wording that fails this tells people to do what nobody hears.
 */
export function namesKeyword(wording: string, keywords: AccountKeywords = {}): boolean {
  const heard = [...optOutKeywords, ...(keywords.optOut ?? [])]
  return instructsOptOut(wording, keywords) || marksKeyword(wording, heard) || showsCaseless(wording, heard)
}

function marksKeyword(wording: string, heard: readonly string[]): boolean {
  const words = wordsOf(wording)
  const phrases = keywordsAsWords(heard)
  return words.some((_, index) => {
    const length = phraseAt(words, index, phrases)
    const named = words.slice(index, index + length)
    return length > 0 && (named.every(({ capital }) => capital) || named.some(({ quoted }) => quoted))
  })
}

/** Such scripts also write without spaces, so the keyword may stand anywhere. */
function showsCaseless(wording: string, heard: readonly string[]): boolean {
  const said = normalise(wording)
  return heard
    .filter((keyword) => keyword.toLowerCase() === keyword.toUpperCase())
    .map(normalise)
    .some((keyword) => keyword !== '' && said.includes(keyword))
}

import { bit, type Concept, type Language } from './concepts.ts'
import { hitsIn, type Lexicon } from './hits.ts'
import { languages } from './languages/index.ts'
import { add, hasStem, type Known, knownOf, node } from './phrases.ts'
import { optOutKeywords } from './standard-keywords.ts'
import { type Token, tokensOf } from './tokens.ts'

const englishFirst: Lexicon = { isEnglish: true, root: node() }
const others: Lexicon = { isEnglish: false, root: node() }
export const lexicons = [englishFirst, others] as const

/** What the lexicons know of a word. */
export const known = (token: Token): Known =>
  knownOf(token, { english: englishFirst.root, others: others.root })

/** Whether a phrase begins with words of any ending that are like this one. */
export const begins = (token: Token): boolean =>
  hasStem(englishFirst.root, token) || hasStem(others.root, token)

languages.forEach(({ code, words }, index) => {
  for (const lexicon of lexiconsOf(code))
    for (const [concept, phrases] of Object.entries(words))
      add(lexicon.root, phrases.split(','), index, bitsOf(concept as Concept, code))
})
languages.forEach(({ code, optOut }, index) => {
  addKeywords(code, code === 'en' ? [...optOutKeywords, 'unsub'] : optOut, index)
})

/** What every language shares is in both. */
function lexiconsOf(code: string): readonly Lexicon[] {
  return code === 'und' ? lexicons : [code === 'en' ? englishFirst : others]
}

/** "Never again" negates too, wherever the object stands; and what is an order is contact, but that English tells its orders by their place. */
function bitsOf(concept: Concept, code: string): number {
  if (concept === 'order' && code !== 'en') return bit.order | bit.contact
  return concept === 'noMore' ? bit.noMore | bit.not | bit.more : bit[concept]
}

/** A keyword of several words hides none of them: it says what they say as well. */
function addKeywords(code: string, keywords: readonly string[], language: number): void {
  for (const lexicon of lexiconsOf(code))
    for (const keyword of keywords) {
      const tokens = tokensOf(keyword)
      const words = tokens.map(known)
      const inside = hitsIn(lexicon, { tokens, words, all: true }).filter((hit) => hit.language === language)
      const bits = inside.reduce((all, hit) => all | hit.bits, bit.keyword)
      add(lexicon.root, [keyword], language, bits)
    }
}

export const languageOf = (index: number): Language => languages[index] as Language

import { type Concept, concepts, type Language } from './concepts.ts'
import { languages } from './languages/index.ts'
import { optOutKeywords } from './standard-keywords.ts'
import { type Token, tokensOf } from './tokens.ts'

/** What a phrase stands for in one language: `bits` of concepts. */
interface Meaning {
  readonly language: number
  bits: number
}

interface Node {
  readonly next: Map<Token, Node>
  /** Words of any ending, by their first two letters. */
  readonly stems: Map<number, { stem: string; node: Node }[]>
  readonly meanings: Meaning[]
}

/** One phrase found: from `at` on, `length` tokens. */
export interface Hit {
  readonly at: number
  readonly length: number
  readonly language: number
  readonly bits: number
}

export const bit = Object.fromEntries(concepts.map((concept, index) => [concept, 1 << index])) as Readonly<
  Record<Concept, number>
>

/** A lexicon of some languages. English is tried alone first: what it decides needs no other. */
export interface Lexicon {
  readonly root: Node
}
/** Where the last phrase of each language ends; made once, since it is needed for every sentence. */
const coveredTo = new Int32Array(languages.length)

const englishFirst: Lexicon = { root: node() }
const others: Lexicon = { root: node() }
export const lexicons = [englishFirst, others] as const

languages.forEach(({ code, words }, index) => {
  for (const lexicon of lexiconsOf(code))
    for (const [concept, phrases] of Object.entries(words))
      add(lexicon, phrases.split(','), index, bitsOf(concept as Concept, code))
})
languages.forEach(({ code, optOut }, index) => {
  addKeywords(code, code === 'en' ? [...optOutKeywords, 'unsub'] : optOut, index)
})

/** What every language shares is in both. */
function lexiconsOf(code: string): readonly Lexicon[] {
  return code === 'und' ? lexicons : [code === 'en' ? englishFirst : others]
}

/**
 * Every phrase of a lexicon in some tokens: for each language the leftmost ones, the longest of those that begin
 * together, none within another. Hits come in the order in which they begin.
 */
export function hitsIn({ root }: Lexicon, tokens: readonly Token[]): Hit[] {
  const hits: Hit[] = []
  let isFresh = true
  const longest: Hit[] = []
  for (let at = 0; at < tokens.length; at++) {
    walk(root, tokens, at, at, longest)
    if (longest.length === 0) continue
    if (isFresh) coveredTo.fill(0)
    isFresh = false
    for (const hit of longest) {
      // Within a longer phrase a word says nothing of its own; what goes on beyond it does.
      if ((coveredTo[hit.language] ?? 0) >= at + hit.length) continue
      coveredTo[hit.language] = at + hit.length
      hits.push(hit)
    }
    longest.length = 0
  }
  return hits
}

function walk(from: Node, tokens: readonly Token[], start: number, at: number, longest: Hit[]): void {
  const token = tokens[at]
  if (token === undefined) return
  const next = from.next.get(token)
  if (next) arrive(next, tokens, start, at, longest)
  if (from.stems.size === 0 || token.length < 2) return
  const stems = from.stems.get(stemKey(token))
  if (stems)
    for (const { stem, node } of stems) if (token.startsWith(stem)) arrive(node, tokens, start, at, longest)
}

function arrive(node: Node, tokens: readonly Token[], start: number, at: number, longest: Hit[]): void {
  const length = at + 1 - start
  for (const { language, bits } of node.meanings) keepLongest(longest, { at: start, length, language, bits })
  if (node.next.size > 0 || node.stems.size > 0) walk(node, tokens, start, at + 1, longest)
}

function keepLongest(longest: Hit[], hit: Hit): void {
  for (let index = 0; index < longest.length; index++) {
    const known = longest[index] as Hit
    if (known.language !== hit.language) continue
    if (known.length < hit.length) longest[index] = hit
    else if (known.length === hit.length) longest[index] = { ...known, bits: known.bits | hit.bits }
    return
  }
  longest.push(hit)
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
      const inside = hitsIn(lexicon, tokensOf(keyword)).filter((hit) => hit.language === language)
      const bits = inside.reduce((all, hit) => all | hit.bits, bit.keyword)
      add(lexicon, [keyword], language, bits)
    }
}

function add({ root }: Lexicon, phrases: readonly string[], language: number, bits: number): void {
  for (const phrase of phrases) {
    const isStem = phrase.trimEnd().endsWith('*')
    const tokens = tokensOf(phrase.replaceAll('*', '')).filter((token) => token !== ',' && token !== '.')
    let node = root
    tokens.forEach((token, index) => {
      node = isStem && index === tokens.length - 1 ? stemOf(node, token) : wordOf(node, token)
    })
    if (node === root) continue
    const known = node.meanings.find((meaning) => meaning.language === language)
    if (known) known.bits |= bits
    else node.meanings.push({ language, bits })
  }
}

function wordOf(from: Node, token: Token): Node {
  const known = from.next.get(token)
  if (known) return known
  const made = node()
  from.next.set(token, made)
  return made
}

/** Its first two letters. */
function stemKey(word: string): number {
  return word.charCodeAt(0) * 0x10000 + word.charCodeAt(1)
}

function stemOf(from: Node, stem: Token): Node {
  const key = stemKey(stem)
  const known = from.stems.get(key) ?? []
  from.stems.set(key, known)
  const found = known.find((one) => one.stem === stem)
  if (found) return found.node
  const made = node()
  known.push({ stem, node: made })
  return made
}

function node(): Node {
  return { next: new Map(), stems: new Map(), meanings: [] }
}

export const languageOf = (index: number): Language => languages[index] as Language

import { type Known, type Meaning, type Node, startsOf } from './phrases.ts'
import type { Token } from './tokens.ts'

/** One phrase found: from `at` on, `length` tokens. */
export interface Hit {
  readonly at: number
  readonly length: number
  readonly language: number
  readonly bits: number
}

/** A lexicon of some languages. English is tried alone first: what it decides needs no other. */
export interface Lexicon {
  readonly isEnglish: boolean
  readonly root: Node
}
/** Tokens, and what is known of each. */
export interface Words {
  readonly tokens: readonly Token[]
  readonly words: readonly Known[]
  /** Whether languages are wanted too that say nothing that counts. */
  readonly all: boolean
}

// Made once, since they are needed for every sentence; nothing of one is left for the next. By language:
/** Where its last phrase ends. */
const coveredTo = new Int32Array(32)
/** The longest of its phrases that begin at one token, and what that stands for. */
const length = new Int32Array(32)
const bits = new Int32Array(32)
/** The languages of those phrases, in the order in which they were found. */
const found = new Int32Array(32)

/**
 * Every phrase of a lexicon in some tokens: for each language the leftmost ones, the longest of those that begin
 * together, none within another. Hits come in the order in which they begin. A language that says nothing that counts
 * is left out, but where all are asked for.
 */
export function hitsIn({ isEnglish }: Lexicon, { tokens, words, all }: Words): Hit[] {
  const hits: Hit[] = []
  // What is said in every language, which the first is, counts with any other.
  let wanted = all ? -1 : 1
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Known
    wanted |= isEnglish ? word.asksEnglish : word.asksOthers
  }
  coveredTo.fill(0)
  const walked: Walked = { tokens, words, wanted, start: 0, count: 0 }
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Known
    const { nodes, says } = isEnglish ? word.english : word.others
    if ((says & wanted) === 0) continue
    walked.start = at
    walked.count = 0
    for (const node of nodes) if (node.says & wanted) arrive(node, walked, at)
    // Words that every language has come last, as they do in a sentence of any.
    for (let index = 0; index < walked.count; index++)
      if (found[index] !== 0) keep(hits, at, found[index] as number)
    if (length[0] !== 0) keep(hits, at, 0)
  }
  return hits
}

function keep(hits: Hit[], at: number, language: number): void {
  const end = at + (length[language] as number)
  length[language] = 0
  // Within a longer phrase a word says nothing of its own; what goes on beyond it does.
  if ((coveredTo[language] as number) >= end) return
  coveredTo[language] = end
  hits.push({ at, length: end - at, language, bits: bits[language] as number })
}

interface Walked {
  readonly tokens: readonly Token[]
  readonly words: readonly Known[]
  /** Languages, a bit each. */
  readonly wanted: number
  start: number
  /** How many of `found` stand. */
  count: number
}

function arrive(node: Node, walked: Walked, at: number): void {
  const { meanings } = node
  if (meanings.length > 0) keepLongest(meanings, walked, at + 1 - walked.start)
  if (!node.goesOn) return
  const word = walked.words[at + 1]
  if (word === undefined) return
  const next = node.next.get(word.id)
  if (next && next.says & walked.wanted) arrive(next, walked, at + 1)
  if (node.stems.size > 0)
    for (const stem of startsOf(node, -1, walked.tokens[at + 1] as Token).nodes) arrive(stem, walked, at + 1)
}

function keepLongest(meanings: readonly Meaning[], walked: Walked, long: number): void {
  for (let index = 0; index < meanings.length; index++) {
    const meaning = meanings[index] as Meaning
    const { language } = meaning
    if ((walked.wanted & (1 << language)) === 0) continue
    const known = length[language] as number
    if (known === 0) found[walked.count++] = language
    if (known > long) continue
    bits[language] = known === long ? (bits[language] as number) | meaning.bits : meaning.bits
    length[language] = long
  }
}

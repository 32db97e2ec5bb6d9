import { bit, telling } from './concepts.ts'
import { type Token, tokensOf } from './tokens.ts'

/** What a phrase stands for in one language: `bits` of concepts. */
export interface Meaning {
  readonly language: number
  bits: number
}

/** A word of a phrase, behind those that lead to it. */
export interface Node {
  /** By the word's id. */
  readonly next: Map<number, Node>
  /** Words of any ending, by their first two letters. */
  readonly stems: Map<number, { stem: string; node: Node }[]>
  readonly meanings: Meaning[]
  /** Whether a longer phrase begins with this one. */
  goesOn: boolean
  /** Languages, a bit each, in which this phrase or a longer one says something; and something that counts. */
  says: number
  asks: number
  /** Whether one of them makes a sentence worth reading. */
  tells: boolean
}

/** Where the phrases of a lexicon begin that begin with a word. */
export interface Starts {
  readonly nodes: readonly Node[]
  /** Languages in which one of them says something; and something that counts: a bit each. */
  readonly says: number
  readonly asks: number
  readonly tells: boolean
}

const noStarts: Starts = { nodes: [], says: 0, asks: 0, tells: false }
/** Number of every word that stands in a phrase. */
const ids = new Map<Token, number>()

/** A word as a lexicon knows it: looked up once, whatever is asked of it afterwards. */
export interface Known {
  /** -1 for a word that stands in no phrase. */
  readonly id: number
  readonly english: Starts
  readonly others: Starts
  /** What asks in each, here as well, since it is looked at for every word. */
  readonly asksEnglish: number
  readonly asksOthers: number
}

export const unknown: Known = { id: -1, english: noStarts, others: noStarts, asksEnglish: 0, asksOthers: 0 }

/** Every word of a phrase, the last of a stem excepted. */
export const phraseWords = (): Iterable<Token> => ids.keys()

/** What the phrases under two roots know of a word; `unknown` where none has it or begins like it. */
export function knownOf(token: Token, roots: { english: Node; others: Node }): Known {
  const id = ids.get(token) ?? -1
  const english = startsOf(roots.english, id, token)
  const others = startsOf(roots.others, id, token)
  if (id < 0 && english === noStarts && others === noStarts) return unknown
  return { id, english, others, asksEnglish: english.asks, asksOthers: others.asks }
}

/** Whether words of any ending that are like this one stand under a root. */
export const hasStem = ({ stems }: Node, token: Token): boolean =>
  token.length > 1 && (stems.get(stemKey(token))?.some(({ stem }) => token.startsWith(stem)) ?? false)

/** Where phrases go on from a node with a word, known by its id and its letters. */
export function startsOf({ next, stems }: Node, id: number, token: Token): Starts {
  const exact = next.get(id)
  const stemmed = token.length > 1 ? stems.get(stemKey(token)) : undefined
  if (!exact && !stemmed) return noStarts
  const nodes = exact ? [exact] : []
  if (stemmed) for (const { stem, node } of stemmed) if (token.startsWith(stem)) nodes.push(node)
  if (nodes.length === 0) return noStarts
  return {
    nodes,
    says: nodes.reduce((all, { says }) => all | says, 0),
    asks: nodes.reduce((all, { asks }) => all | asks, 0),
    tells: nodes.some(({ tells }) => tells),
  }
}

/** Phrases that stand for the same; a `*` at the end of one stands for any ending of its last word. */
export function add(root: Node, phrases: readonly string[], language: number, bits: number): void {
  for (const phrase of phrases) {
    const isStem = phrase.trimEnd().endsWith('*')
    const tokens = tokensOf(phrase.replaceAll('*', '')).filter((token) => token !== ',' && token !== '.')
    const path = [root]
    tokens.forEach((token, index) => {
      const from = path[index] as Node
      from.goesOn = true
      path.push(isStem && index === tokens.length - 1 ? stemOf(from, token) : wordOf(from, token))
    })
    if (path.length > 1) mean(path, language, bits)
  }
}

/** What a language says that has none of these decides nothing. */
const counting = telling | bit.keep | bit.ordinary

function mean(path: readonly Node[], language: number, bits: number): void {
  for (const node of path) {
    node.says |= 1 << language
    if (bits & counting) node.asks |= 1 << language
    if (bits & telling) node.tells = true
  }
  const { meanings } = path.at(-1) as Node
  const known = meanings.find((meaning) => meaning.language === language)
  if (known) known.bits |= bits
  else meanings.push({ language, bits })
}

function wordOf(from: Node, token: Token): Node {
  const id = ids.get(token) ?? ids.size
  ids.set(token, id)
  const known = from.next.get(id)
  if (known) return known
  const made = node()
  from.next.set(id, made)
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

/** Nothing said yet. */
export function node(): Node {
  return { next: new Map(), stems: new Map(), meanings: [], goesOn: false, says: 0, asks: 0, tells: false }
}

import { type AccountKeywords, helpKeywords, optInKeywords, optOutKeywords } from '@heed/keywords'
import { endsSentence, keywordsAsWords, phraseAt, type Word, wordsOf } from './words.ts'

const set = (words: string) => new Set(words.split(' '))

const imperatives = set('reply rply respond answer text txt send message msg sms type write return')
const gerunds = set('replying responding answering texting sending messaging typing writing')
/** May stand between the verb and the keyword: `text us back with just the word STOP`. */
const fillers = set(
  'back with us the word words keyword a just single simply only message msg text txt sms this saying at any time anytime now by',
)
const thisMessage = set('this our the these any')
const negations = set("not don't dont don’t never cannot can't cant can’t without won't wont won’t")
/** May follow a keyword that nothing else marks as one: `text stop to …`, but not `stop by`. */
const afterKeyword = set('to 2 for 4 if and or any anytime now back when whenever please pls thx thanks')
const purposes = set('to 2')
const actions = keywordsAsWords([
  ...'stop end unsubscribe unsub cancel quit optout leave exit revoke discontinue remove'.split(' '),
  'opt out',
  'be removed',
])
/** What an opt-out ends, and the words around it; `to cancel your appointment` is something else. */
const objects = set(
  'text texts txts message messages msg msgs sms alert alerts update updates notification notifications offer offers promo promos promotions marketing communications reminders subscription service program list receiving getting sending us me all further future more these this our your my from the any anytime at now here free out off',
)
const determiners = set('your our my the this these all any from')

interface Heard {
  readonly optOut: readonly string[][]
  readonly any: readonly string[][]
}

/**
 * True where a text tells its reader how to opt out: an imperative that names an opt-out keyword of the
 * account as the thing to reply (`Txt STOP 2 end`), or a keyword with its purpose (`STOP to end`). A keyword
 * in its ordinary meaning (`Stop by our store`) is none. In doubt it is none: a second instruction is only
 * ugly. Imperatives and purposes are English.
 */
export function instructsOptOut(text: string, keywords: AccountKeywords = {}): boolean {
  const optOut = keywordsAsWords([...optOutKeywords, ...(keywords.optOut ?? [])])
  const others = [...optInKeywords, ...helpKeywords, ...(keywords.optIn ?? []), ...(keywords.help ?? [])]
  const heard = { optOut, any: [...optOut, ...keywordsAsWords(others)] }
  const words = wordsOf(text)
  return words.some((_, index) => isThingToReply(words, index, heard) || hasPurpose(words, index, heard))
}

function isThingToReply(words: readonly Word[], verb: number, heard: Heard): boolean {
  if (!isImperative(words, verb) || isNegated(words, verb)) return false
  let index = verb + 1
  for (let word = words[index]; word && !endsSentence(word.gap); word = words[index]) {
    const length = phraseAt(words, index, heard.optOut)
    if (length > 0 && namesReply(words, index, length)) return true
    const skipped = skippable(words, index, heard)
    if (skipped === 0) return false
    index += skipped
  }
  return false
}

function isImperative(words: readonly Word[], index: number): boolean {
  const said = words[index]?.said ?? ''
  return imperatives.has(said) || (gerunds.has(said) && words[index - 1]?.said === 'by')
}

/** A keyword named as such: marked by capitals or quotes, or at least not read on as ordinary language. */
function namesReply(words: readonly Word[], index: number, length: number): boolean {
  if (/,/.test(words[index]?.gap ?? '') && !isMarked(words, index, length)) return false
  if (purposes.has(words[index + length]?.said ?? '') && hasForeignObject(words, index + length + 1))
    return false
  const next = words[index + length]
  return (
    isMarked(words, index, length) ||
    !next ||
    /[^\s]/.test(next.gap) ||
    afterKeyword.has(next.said) ||
    next.capital
  )
}

function skippable(words: readonly Word[], index: number, heard: Heard): number {
  const said = words[index]?.said ?? ''
  if (fillers.has(said)) return 1
  if (said === 'to' && thisMessage.has(words[index + 1]?.said ?? '')) return 2
  const listed = phraseAt(words, index, heard.any)
  const joint = words[index + listed]
  return listed > 0 && joint && (joint.said === 'or' || joint.said === 'and') ? listed + 1 : 0
}

function hasPurpose(words: readonly Word[], index: number, heard: Heard): boolean {
  const length = phraseAt(words, index, heard.optOut)
  if (length === 0 || (!isMarked(words, index, length) && !startsClause(words, index))) return false
  const purpose = purposeAt(words, index + length)
  return (
    phraseAt(words, purpose, actions) > 0 && !isNegated(words, index) && !hasForeignObject(words, purpose)
  )
}

/** Where the purpose begins in `STOP to end`, `STOP 2 end`, `STOP=end`; -1 where there is none. */
function purposeAt(words: readonly Word[], index: number): number {
  const next = words[index]
  if (!next) return -1
  if (/^\s?=\s?$/.test(next.gap)) return index
  return purposes.has(next.said) ? index + 1 : -1
}

function startsClause(words: readonly Word[], index: number): boolean {
  const gap = words[index]?.gap ?? ''
  return index === 0 || endsSentence(gap) || /[^\s]/.test(gap)
}

/** `cancel your appointment`: an action, but not upon messages. */
function hasForeignObject(words: readonly Word[], index: number): boolean {
  const action = phraseAt(words, index, actions)
  if (action === 0) return false
  let object = words[index + action]
  for (let at = index + action; object && determiners.has(object.said); object = words[at]) at++
  if (!object || /[^\s]/.test(object.gap) || object.capital) return false
  return !objects.has(object.said)
}

function isMarked(words: readonly Word[], index: number, length: number): boolean {
  return words.slice(index, index + length).some(({ capital, quoted }) => capital || quoted)
}

function isNegated(words: readonly Word[], index: number): boolean {
  for (let at = index; at > 0 && at > index - 4; at--) {
    if (/[.!?;,\r\n]/.test(words[at]?.gap ?? '')) return false
    const said = words[at - 1]?.said ?? ''
    if (negations.has(said) || (said === 'need' && words[at - 2]?.said === 'no')) return true
  }
  return false
}

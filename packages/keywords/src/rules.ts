import { bit } from './concepts.ts'
import type { Hit } from './hits.ts'
import { languageOf } from './lexicon.ts'
import { isForbidden, isLimited, isNegated, saysAll } from './negation.ts'
import { isNegatedIn } from './negation-elsewhere.ts'
import { isCovered, type Sentence } from './sentences.ts'
import { softBreak, type Token } from './tokens.ts'

/** What one language says in one sentence. */
export interface Said {
  readonly sentence: Sentence
  /** ISO 639-1. */
  readonly code: string
  readonly isEnglish: boolean
  /** Every concept that it names. */
  readonly bits: number
  /** Where a concept first begins and last begins; -1 where it is not named. */
  first(bits: number): number
  last(bits: number): number
}

export interface Rule {
  readonly id: string
  /** What it hears, for an operator. */
  readonly hears: string
  readonly example: string
  /** From 0 to 1: how often what it hears is meant. */
  readonly confidence: number
  readonly holds: (said: Said) => boolean
}

const { stop, contact, order, message, not, more, noMore, want, receive, me, remove, list } = bit
const { unsubscribe, cancel, wrong, leave, threat, ordinary } = bit

/** Verbs come last in these: an object before its verb is the usual order. */
const verbLast = new Set(['tr', 'ja', 'ko', 'hi', 'fi', 'hu', 'zh', 'tl', 'de', 'nl'])
const has = ({ bits }: Said, ...all: number[]) => all.every((one) => (bits & one) !== 0)

/** The object of a verb: behind it, no further than so many words, but in languages that put verbs last. */
function takes(said: Said, verb: number, object: number, within: number): boolean {
  if (!has(said, verb, object)) return false
  if (verbLast.has(said.code)) return true
  const distance = said.last(object) - said.first(verb)
  if (said.isEnglish) return nearest(said, verb, object, within)
  return distance >= 0
}

function nearest({ sentence: { hits } }: Said, verb: number, object: number, within: number): boolean {
  return hits.some(
    (one, index) =>
      one.bits & verb &&
      hits.some(
        (other, later) => later > index && other.bits & object && other.at - (one.at + one.length) < within,
      ),
  )
}

/** In the order in which they are tried. The first that holds names the message. */
export const rules: readonly Rule[] = [
  {
    id: 'unsubscribe',
    hears: 'The word itself, or a phrase that means only that.',
    example: 'How do I opt out of this?',
    confidence: 0.97,
    holds: (said) => has(said, unsubscribe) && !(said.isEnglish && isTold(said)),
  },
  {
    id: 'stop-contact',
    hears: 'An order to cease, with texts or the writing of them as its object.',
    example: 'For the last time, stop texting me',
    confidence: 0.97,
    holds: (said) =>
      takes(said, stop, contact | message, 7) ||
      (said.isEnglish && (nearest(said, stop, me, 3) || stopsGetting(said) || shallStop(said))),
  },
  {
    id: 'do-not-contact',
    hears: 'An order not to write, message or call this person.',
    example: "Please don't message this number",
    confidence: 0.95,
    holds: (said) =>
      said.isEnglish
        ? forbids(said)
        : has(said, not, order) &&
          (has(said, more | me | message) || isWhole(said)) &&
          follows(said, not, order),
  },
  {
    id: 'no-more',
    hears: 'That there shall be no more messages.',
    example: 'No more texts please',
    confidence: 0.93,
    holds: (said) =>
      (has(said, noMore) &&
        !(said.isEnglish && /\b(?:there|were|are|was|had|have|got|see|saw) no\b/.test(wordsOf(said))) &&
        nearest(said, noMore, said.isEnglish ? message | contact : message, said.isEnglish ? 4 : 9)) ||
      (!said.isEnglish && has(said, not, message) && (has(said, more) || (isWhole(said) && !isOne(said)))) ||
      (!said.isEnglish && has(said, not, want, more) && isWhole(said)) ||
      (said.isEnglish && opensWithNo(said)),
  },
  {
    id: 'not-wanted',
    hears: 'That messages are not wanted, were not asked for, or shall not be received.',
    example: 'I do not wish to receive further messages',
    confidence: 0.92,
    holds: (said) =>
      said.isEnglish
        ? isUnwanted(said)
        : has(said, not, want) && has(said, message | receive | contact) && !isOnlyContact(said),
  },
  {
    id: 'remove-me',
    hears: 'That this person or number shall be taken off a list or deleted.',
    example: 'Take me off your list',
    confidence: 0.95,
    holds: (said) =>
      !has(said, ordinary) && has(said, remove, me | list) && (!said.isEnglish || removes(said)),
  },
  {
    id: 'wrong-number',
    hears: 'That the message reached somebody else, who has given no consent.',
    example: 'Sorry, wrong number',
    confidence: 0.85,
    holds: (said) =>
      ((has(said, wrong) && (!said.isEnglish || endsSoon(said))) || (said.isEnglish && namesAnother(said))) &&
      !/\b(?:gave|give|given|typed|entered|dialed|dialled|is this|did i|have i|do i)\b/.test(wordsOf(said)),
  },
  {
    id: 'leave-alone',
    hears: 'That the sender shall leave, or forget the number.',
    example: 'Lose my number',
    confidence: 0.9,
    holds: (said) => has(said, leave),
  },
  {
    id: 'threat',
    hears: 'What the person will do about the messages: report, sue, block.',
    example: 'Text me again and I will report you to the FCC',
    confidence: 0.85,
    holds: (said) => has(said, threat) && !has(said, ordinary),
  },
  {
    id: 'cancel-messages',
    hears: 'That messages, alerts or a subscription to them shall be cancelled or ended.',
    example: 'End these texts',
    confidence: 0.9,
    holds: (said) =>
      !has(said, ordinary) &&
      (said.isEnglish
        ? nearest(said, cancel, message, 4) || cancelsSubscription(said)
        : takes(said, cancel, message, 5)),
  },
]

/** Told of somebody else, or of another sender's list. */
const isTold = (said: Said) =>
  /\b(?:they|he|she|who|wife|husband|friend|people|mom|dad|son|daughter|customers?|clients?) (?:have |has |had |just |already |all )?(?:opted out|unsubscribed)\b|\b(?:unsubscribed|opted out) (?:from|of) (?!you|this|these|the (?:list|text|texts|messages|sms)|that|all|every|any|it\b|ur\b)/.test(
    wordsOf(said),
  )

/** "Keine Nachricht": that none came. */
const isOne = (said: Said) =>
  /\b(?:nachricht|bericht|mensaje|mensagem|messaggio|message|besked|melding|meddelande|mensagens|berichten)$/.test(
    wordsOf(said),
  )

/** Nothing else is said that could give it another meaning. */
const isWhole = ({ sentence: { tokens, hits } }: Said) => isCovered(tokens, hits)

const wordsOf = ({ sentence }: Said) => sentence.tokens.join(' ')

function cancelsSubscription(said: Said): boolean {
  return /\b(?:cancel|end|terminate|stop) (?:my |this |the |all |your )?(?:sms |text |texting )?(?:subscription|subscriptions|enrollment|sign ?up|service|this service)\b/.test(
    wordsOf(said),
  )
}

/** "These texts need to stop." */
const shallStop = (said: Said) =>
  /\b(?:like|want|need|get|make) (?:these|them|this nonsense|this crap|all of this|it all) to (?:stop|end|cease)(?: ,)?(?: now| please| immediately| thanks| thank you)*$/.test(
    wordsOf(said),
  ) ||
  (has(said, message) &&
    /\b(?:to|must|should|gotta|better|please) stop(?: now| please| immediately)?$/.test(wordsOf(said)))

/** "How do I stop getting these?" */
const stopsGetting = (said: Said) =>
  /\bstop (?:getting|receiving|recieving|seeing) (?:these|this|them|your|any|anything|all|those|stuff)\b|\bhow (?:do|can|to) ?(?:i|you|we|u)? ?stop (?:this|these|them|it)$/.test(
    wordsOf(said),
  )

function follows(said: Said, one: number, other: number): boolean {
  // A word may be both, as in Turkish, or the negation stand last, as in Hindi and German.
  if (verbLast.has(said.code) || said.sentence.hits.some(({ bits }) => bits & one && bits & other))
    return true
  const distance = said.last(other) - said.first(one)
  return distance >= 0 && distance <= 6
}

function forbids(said: Said): boolean {
  const { tokens } = said.sentence
  return tokens.some((_, at) => {
    if (!isForbidden(tokens, at)) return false
    const behind = said.sentence.hits.some(
      (hit) => hit.at > at && hit.at - at <= 5 && hit.bits & (me | more | message),
    )
    const isLast =
      saysAll.has(tokens[at] ?? '') &&
      tokens
        .slice(at + 1)
        .every((token) => token === softBreak || token === 'please' || token === 'thanks' || token === 'here')
    // "Don't call me Bob."
    if (
      tokens[at] === 'call' &&
      !has(said, more) &&
      !/^(?:me|us|this number|this phone|my number)(?: please| thanks)?$/.test(tokens.slice(at + 1).join(' '))
    )
      return false
    return (isLast || behind) && (has(said, more) || !isLimited(tokens))
  })
}

function opensWithNo({ sentence: { tokens } }: Said): boolean {
  const words = tokens.filter((token) => token !== softBreak && token !== 'please' && token !== 'pls')
  return (
    words[0] === 'no' &&
    words.length <= 4 &&
    /^(?:\w+ ){0,2}(?:texts|messages|msgs|sms|spam|texting|messaging|solicitations|soliciting|ads|txts)$/.test(
      words.slice(1).join(' '),
    ) &&
    !words.includes('yet')
  )
}

function isUnwanted(said: Said): boolean {
  const { hits, tokens } = said.sentence
  if (
    /\b(?:dont|do not|no longer) (?:want|need) these(?: anymore| any more| any longer| at all| please)*$/.test(
      wordsOf(said),
    )
  )
    return true
  return hits.some((negation, index) => {
    if (!(negation.bits & not)) return false
    const wish = hits.find((hit, later) => later >= index && hit.bits & want && hit.at - negation.at <= 4)
    if (!wish || tokens.slice(negation.at, wish.at).includes(softBreak)) return false
    return hits.some((hit) => {
      if (hit.at < wish.at || (hit === wish && !(hit.bits & message)) || hit.at - wish.at > 9) return false
      if (tokens.slice(wish.at, hit.at).includes(softBreak)) return false
      if (hit.bits & message && !(hit.bits & order)) return true
      if (hit.bits & receive)
        return hits.some(
          (other) =>
            other.bits & (message | contact) ||
            /receive (?:these|this|any|anything|them)$|get (?:these|anything)$|from (?:you|u|yall|your|this)|be (?:texted|contacted|messaged|bothered)|on (?:your|this|the)/.test(
              wordsOf(said),
            ),
        )
      const before = tokens.slice(wish.at, hit.at).join(' ')
      if (hit.bits & contact && /\b(?:you|u|yall|anyone|them|people|these|your|any|more|this)\b/.test(before))
        return true
      return (
        /ing$/.test(tokens[hit.at] ?? '') &&
        hit.bits & contact &&
        /\b(?:of|with|stand)$/.test(tokens.slice(wish.at, wish.at + wish.length).join(' '))
      )
    })
  })
}

function removes(said: Said): boolean {
  const { hits } = said.sentence
  return (
    hits.some((hit) => {
      if (!(hit.bits & remove)) return false
      if (hit.bits & me) return true
      return hits.some(
        (other) =>
          other.at >= hit.at + hit.length &&
          other.at - hit.at <= 5 &&
          other.bits & me &&
          !isObject(said, other.at + other.length),
      )
    }) ||
    (nearest(said, remove, list, 6) && /\b(?:from|off|out of)\b/.test(wordsOf(said)) && has(said, me))
  )
}

/** What is wrong is said last: "the wrong person answered at the store" is a story. */
function endsSoon({ sentence: { tokens, hits } }: Said): boolean {
  return hits.some(({ at, length, bits }) => {
    if (!(bits & wrong)) return false
    const rest = tokens.slice(at + length)
    return (
      rest.length <= 2 ||
      rest[0] === softBreak ||
      /^(?:please|pls|stop|remove|dont|do|no|i|this|take|dude|sorry|and|my)$/.test(rest[0] ?? '')
    )
  })
}

/** "This isn't Mike's number": nobody gives consent for another. */
const namesAnother = (said: Said) =>
  /\b(?:isnt|not|aint|no longer) (?!my|your|the|this|that|any)[a-z]+s? (?:number|phone|cell|no)\b/.test(
    wordsOf(said),
  )

/** "my number" is; "my name tag" is not what is to be removed. */
const isObject = ({ sentence: { tokens } }: Said, at: number) =>
  /^(?:item|items|from my order)$/.test(tokens[at] ?? '')

/** Not the sender's own writing: "no quiero escribir". */
function isOnlyContact(said: Said): boolean {
  return !has(said, message | receive) && !has(said, me)
}

/** What no rule holds without. */
const deciding = stop | noMore | unsubscribe | cancel | wrong | leave | threat | remove | not | bit.keep

/** Whether an end is negated. A phrase that itself says "not" asks for one. */
function isTurned(code: string, tokens: readonly Token[], { at, length, bits }: Hit): boolean {
  if (!(bits & (stop | unsubscribe | cancel | remove))) return false
  if (code === 'en') return isNegated(tokens, at)
  return !(bits & (not | noMore | leave)) && isNegatedIn(code, tokens, at, length)
}

/** What each language says in a sentence, the negated taken as their opposite. */
export function saidIn(sentence: Sentence): Said[] {
  if (sentence.hits.length === 0) return []
  const opens = sentence.tokens[0] === 'no'
  const said: Said[] = []
  let [found, decide] = [0, opens ? -1 : 0]
  for (const { language, bits } of sentence.hits) if (bits & deciding) decide |= 1 << language
  for (const { language } of sentence.hits) {
    if (language === 0 || found & (1 << language) || !(decide & (1 << language))) continue
    found |= 1 << language
    const { code } = languageOf(language)
    const isEnglish = code === 'en'
    let bits = 0
    const own = sentence.hits.filter((hit) => hit.language === language || hit.language === 0)
    const read = own.map((hit) => {
      const turned = isTurned(code, sentence.tokens, hit) ? { ...hit, bits: bit.keep } : hit
      bits |= turned.bits
      return turned
    })
    said.push({
      sentence: { tokens: sentence.tokens, hits: read },
      code,
      isEnglish,
      bits,
      first: (wanted) => read.find((hit) => hit.bits & wanted)?.at ?? -1,
      last: (wanted) => read.findLast((hit) => hit.bits & wanted)?.at ?? -1,
    })
  }
  return said
}

import { bit } from './concepts.ts'
import { type Heard, wordsOf } from './heard.ts'
import { isBareKeyword, type Sentence } from './sentences.ts'

const said =
  '(?:say|saying|said|text|texted|texting|ask|asked|asking|tell|told|telling|write|wrote|type|typed|reply|replied|replying|send|sent|sending)'
const saidStop = new RegExp(
  `(?:^|[,] |\\b(?:after|since|because|that|and|but|time|times|though|keep texting me|yet) )(?:i|ive|i ve|i have|we|weve|we have)(?: (?:already|have|just|keep|kept|literally|repeatedly|clearly|had|been|keep on))* ${said}(?: (?:you|u|yall|you guys|you all|you people|to you|them|the word|back))?(?: to)? (?:please )?(?:stop|unsubscribe|unsub|quit)(?: (?:texting|messaging|sending|contacting|spamming|it|this|these|already|and|so|but|now|please|,|\\d+|\\w+ times|multiple|several|twice|repeatedly|yesterday|last|before|many)\\b.*)?$`,
)
/** "If I said stop" asks, "I never said stop" denies. */
const unsaid =
  /\b(?:if|never|didnt|not|when|whenever|did|should|do|does|can|could|would|accidentally|mistake|meant|before i)\b(?! ?(?:you|u) (?:keep|still)\b)/

const howOften =
  /\bhow (?:many (?:more )?times|often|many ways) (?:do|must|should|did|have|will) (?:i|we) .*\b(?:stop|unsubscribe)(?: ,| \w+ing\b.*)?$/

/** "I keep saying stop", "the third time I've asked you to stop". */
export function hasSaidStop(words: string): boolean {
  if (howOften.test(words)) return true
  return / (?:stop|unsubscribe|unsub|quit)\b/.test(words) && saidStop.test(words) && !unsaid.test(words)
}

/** "Stop. I already bought a house": a reason why no more texts are needed, and no banter. */
const reason =
  /^(?:please )?stop(?: it)? [.,] (?:i|we|ive|weve|im|my|he|she|already) (?:.* )?(?:already|voted|bought|sold|moved|hired|died|retired|passed away|no longer|not interested|dont need|do not need|dont want|do not want|never)\b(?!.*\b(?:lol|love|laugh|laughing|cute|funny|haha|omg|crying)\b)/

const loud =
  /(?:^|[.!?\n;])[^\p{L}\p{N}\n]*(?:STOP|STOP ALL|STOPALL|UNSUBSCRIBE|OPT OUT|OPTOUT|CANCEL|QUIT|END)[^\p{L}\p{N}\n]*(?:[.!?\n;]|$)/u
const line =
  /(?:^|\n)[^\p{L}\p{N}\n]*(?:stop|stop all|stopall|unsubscribe|opt out|optout)[^\p{L}\p{N}\n]*(?:\n|$)/iu
const signed =
  /^[^\p{L}\p{N}\n]*(?:stop|stop all|stopall|unsubscribe|opt[ -]?out|cancel|quit|end|revoke)[^\p{L}\p{N}\n]*(?:\n|\s+(?:--|—|–|-)\s*\p{Lu}|\s{2,}\p{Lu}\p{Ll}+(?:\s\p{Lu}[\p{L}.]*)?\s*$)/iu

/** "This isn't Kevin": a name, by its capital. */
const anotherName =
  /(?:^|[.!?,\n] ?)(?:[Ss]orry,? )?(?:[Tt]his|[Ii]t)(?: is not|['’]?s not| isn['’]?t) (?!I\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Janu|Febru)ary|March|April|May|June|July|August|(?:Septem|Novem|Decem)ber|October|Christmas|OK\b)\p{Lu}\p{Ll}+[.!]*\s*(?:$|[.!,\n])/u

const notMe =
  /^\s*(?:[Ss]orry,? |[Nn]o,? |[Hh]i,? )?I(?:['’]?m| am) not (?!Interested|Sure|Available|Going|Ready|Happy|Home|Able|Coming|Into|American|OK|Ok|The\b)\p{Lu}\p{Ll}+(?<!ish|ese|ian|ican|man)[.!]*\s*$/u
/** What English says by where a keyword stands, or by a capital: no rule of single sentences holds. */
export function keywordSentence(text: string, sentences: readonly Sentence[]): Heard | null {
  const head = text.slice(0, 1_000)
  if (anotherName.test(head) || notMe.test(head))
    return { rule: 'wrong-number', matched: wordsOf(sentences), language: 'en', confidence: 0.8 }
  if (!sentences.some(({ hits }) => hits.some(({ bits }) => bits & (bit.keyword | bit.remove)))) return null
  const isLast = (sentences.length > 1 && isStrong(sentences.at(-1))) || sentences.some(endsInKeyword)
  const words = sentences.map(({ tokens }) => tokens.join(' ')).join(' . ')
  const rule = signed.test(head)
    ? 'keyword-signed'
    : loud.test(head) || line.test(head) || isLast || reason.test(words)
      ? 'keyword-sentence'
      : null
  const keyword = sentences.find((sentence) => isBareKeyword(sentence)) ?? sentences[0]
  return rule && keyword ? { rule, matched: wordsOf([keyword]), language: 'en', confidence: 0.9 } : null
}

function isStrong(sentence: Sentence | undefined): boolean {
  return (
    sentence !== undefined &&
    isBareKeyword(sentence) !== null &&
    /\b(?:stop|unsubscribe|unsub|stopall|optout|opt out)\b/.test(sentence.tokens.join(' '))
  )
}

const ending =
  /(?:, |please |pls |plz |just )(?:stop|unsubscribe|unsub)(?: (?:please|pls|plz|now|thanks|thank you|thx|it|this|already|immediately))*$/
const aPlace =
  /\b(?:the|a|an|this|next|last|bus|pit|full|one|to|cant|cannot|dont|wont|not|never|ever|that|first|train|truck|rest|it|i|we|he|she|they|you|u|will|would|when|metro|subway|my|our|your|his|her|quick|short|non|door|tram|taxi|every|final|second|and|or|of|at|each|said|say|says|didnt|didn|really|just|even|make|made|dare|called|named|is|was|word|sign|on|in|from|by|with|no|non|please) stop$/
const lastWord = /\S+ \S+ stop$/

const asked = /(?:please|pls|plz) (?:remove|delete)(?: now| thanks)?$/
const opening = /^(?:ok |hey |hi |yes |no )?(?:please|pls|plz|just) (?:stop|unsubscribe)(?: now| it)? ,/

/** A clause that is a keyword, or asks for one politely: "please stop, I'm at a funeral". */
function endsInKeyword({ tokens, hits }: Sentence): boolean {
  const words = tokens.join(' ')
  if (ending.test(words.slice(-60)) || opening.test(words.slice(0, 40))) return true
  if (lastWord.test(words.slice(-60)) && !aPlace.test(words.slice(-60))) return true
  return asked.test(words.slice(-40)) && !hits.some(({ bits }) => bits & bit.ordinary)
}

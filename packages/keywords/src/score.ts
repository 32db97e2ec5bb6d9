import { classify, type Intent } from './classify.ts'

/** A message, and what a careful person says that it asks for. */
export interface Labelled {
  readonly text: string
  /** ISO 639-1, or `und`. */
  readonly lang: string
  readonly expect: Intent
  readonly why: string
  /** Other readings that are right as well. */
  readonly accept?: readonly Intent[]
}

export interface Rate {
  readonly count: number
  readonly of: number
  /** `count / of`; of nothing 1 for what shall be high, 0 for what shall be low. */
  readonly rate: number
}

export interface Score {
  /** Keywords heard as what they are. */
  readonly exact: Rate
  /** Opt-outs in free text that suppress. */
  readonly freeText: Rate
  readonly optInAndHelp: Rate
  /** Messages that ask for no end of texts and suppress all the same. */
  readonly wronglySuppressed: Rate
  /** The same, of those that say the opposite or react to a text of ours. */
  readonly wronglySuppressedOpposites: Rate
  readonly misses: readonly (Labelled & { readonly heard: Intent; readonly rule: string })[]
}

const suppresses = (intent: Intent) => intent === 'opt-out' || intent === 'likely-opt-out'
const isOpposite = ({ why }: Labelled) => /negat|opposite|reaction|tapback/i.test(why)

/** How well `classify` reads labelled messages, without any context. */
export function score(messages: readonly Labelled[]): Score {
  const read = messages.map((message) => {
    const { intent, rule } = classify(message.text)
    const isRight = intent === message.expect || (message.accept?.includes(intent) ?? false)
    return { ...message, heard: intent, rule, isRight, isSuppressed: suppresses(intent) }
  })
  type Read = (typeof read)[number]
  const rateOf = (of: (one: Read) => boolean, count: (one: Read) => boolean, whenNone: number): Rate => {
    const asked = read.filter(of)
    const found = asked.filter(count).length
    return { count: found, of: asked.length, rate: asked.length === 0 ? whenNone : found / asked.length }
  }
  const mustPass = (one: Read) => !suppresses(one.expect)
  return {
    exact: rateOf(
      ({ expect }) => expect === 'opt-out',
      ({ isRight }) => isRight,
      1,
    ),
    freeText: rateOf(
      ({ expect }) => expect === 'likely-opt-out',
      ({ isSuppressed }) => isSuppressed,
      1,
    ),
    optInAndHelp: rateOf(
      ({ expect }) => expect === 'opt-in' || expect === 'help',
      ({ isRight }) => isRight,
      1,
    ),
    wronglySuppressed: rateOf(mustPass, ({ isSuppressed }) => isSuppressed, 0),
    wronglySuppressedOpposites: rateOf(
      (one) => mustPass(one) && isOpposite(one),
      ({ isSuppressed }) => isSuppressed,
      0,
    ),
    misses: read
      .filter((one) => !one.isRight || one.isSuppressed !== suppresses(one.expect))
      .map(({ isRight, isSuppressed, ...miss }) => miss),
  }
}

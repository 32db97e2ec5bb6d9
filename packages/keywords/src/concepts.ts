/**
 * What a word or phrase can stand for when somebody says that texts shall end. A language is a list of words for
 * each; the rules know concepts alone, so that what holds in one language holds in all.
 */
export const concepts = [
  /** Cease: stop, quit, arrêtez. */
  'stop',
  /** Contact somebody, in any form: texting, enviarme. */
  'contact',
  /** Contact somebody, as an order that can be negated: "do not TEXT me", "no me ENVÍEN". */
  'order',
  /** What is sent: texts, messages, Nachrichten. */
  'message',
  /** Negation of what follows: do not, never, keine. */
  'not',
  /** Any longer: anymore, again, más, plus. */
  'more',
  /** No more of it, in one phrase. */
  'noMore',
  'want',
  'receive',
  /** Who shall be left alone: me, my number. */
  'me',
  /** Take away: remove, delete, supprimez. */
  'remove',
  /** Where one stands: list, database. */
  'list',
  /** Unsubscribe and all that means only that. */
  'unsubscribe',
  /** Call off: cancel, end. It needs messages as its object. */
  'cancel',
  /** They reached somebody else. */
  'wrong',
  /** Leave me alone, lose my number. */
  'leave',
  /** What they will do if it goes on: report, sue. */
  'threat',
  /** The opposite is meant: don't stop, keep them coming, did you stop. */
  'keep',
  /** Bookings, orders, places: the words have their ordinary meaning. */
  'ordinary',
  /** A keyword, which may stand among politeness. */
  'keyword',
  /** Politeness and impatience: says nothing of its own. */
  'filler',
] as const
export type Concept = (typeof concepts)[number]

export const bit = Object.fromEntries(concepts.map((concept, index) => [concept, 1 << index])) as Readonly<
  Record<Concept, number>
>

/** What makes a sentence worth reading. */
export const telling =
  bit.stop |
  bit.noMore |
  bit.unsubscribe |
  bit.cancel |
  bit.wrong |
  bit.leave |
  bit.threat |
  bit.remove |
  bit.not |
  bit.keyword

/** Words and phrases by concept, separated by commas; a `*` at the end of a word stands for any ending. */
export type Words = Partial<Record<Concept, string>>

export interface Language {
  /** ISO 639-1. */
  readonly code: string
  /** Whole messages that are keywords in this language, besides the standard ones. */
  readonly optOut: readonly string[]
  readonly optIn: readonly string[]
  readonly help: readonly string[]
  readonly words: Words
}

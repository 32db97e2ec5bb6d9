import type { ClaimedText, Judgement, Outbound } from '@heed/outbound'
import type { AccountId } from '@heed/phone'
import type { Enrolments } from '../store/enrolments.ts'
import type { SequenceDocument } from '../store/sequence-document.ts'
import type { Sequences } from '../store/sequences.ts'

/** What others know of people in the moment a step comes up. What a call throws holds the texts. */
export interface People {
  /** Those who texted the account after a time of their own. */
  replied(a: AccountId, asks: readonly { number: string; since: Date }[]): Promise<ReadonlySet<string>>
  /** Those contacts that have any of the tags. */
  tagged(a: AccountId, contactIds: readonly string[], tags: readonly string[]): Promise<ReadonlySet<string>>
}

/**
 * Ends enrolments that their sequence lets go of, at the step that comes up: the person has answered since they were
 * enrolled, or has a tag that is kept from it. It is asked then and not when the text was made, which may be weeks before.
 */
export function judgeExits(deps: {
  sequences: Pick<Sequences, 'find'>
  enrolments: Pick<Enrolments, 'find'>
  people: People
  now: Outbound['now']
}) {
  return async (texts: readonly ClaimedText[]): Promise<Judgement[]> => {
    const ended = new Map<string, string>()
    for (const [a, those] of Map.groupBy(texts, (text) => text.a)) {
      const lanes = [...new Set(those.map(({ lane }) => lane))]
      for (const sequence of await deps.sequences.find(a, lanes)) {
        const of = those.filter(({ lane }) => lane === sequence._id)
        for (const [id, reason] of await exitsOf(deps, sequence, of)) ended.set(id, reason)
      }
    }
    const since = deps.now().toISOString()
    return texts.map(({ _id }): Judgement => {
      const reason = ended.get(_id)
      return reason === undefined ? 'go' : { suppress: [{ reason, since }] }
    })
  }
}

async function exitsOf(
  { enrolments, people }: { enrolments: Pick<Enrolments, 'find'>; people: People },
  { a, exitOnReply, excludeTags = [] }: SequenceDocument,
  texts: readonly ClaimedText[],
): Promise<[string, string][]> {
  const exits: [string, string][] = []
  if (exitOnReply) {
    const found = await enrolments.find(
      a,
      texts.map(({ owner }) => owner),
    )
    const asks = found.map(({ number, createdAt }) => ({ number, since: createdAt }))
    const replied = await people.replied(a, asks)
    for (const { _id, number } of texts) if (replied.has(number)) exits.push([_id, 'replied'])
  }
  const contactIds = texts.flatMap(({ contactId }) => contactId ?? [])
  if (excludeTags.length > 0 && contactIds.length > 0) {
    const tagged = await people.tagged(a, contactIds, excludeTags)
    for (const { _id, contactId } of texts)
      if (contactId !== null && tagged.has(contactId)) exits.push([_id, 'excluded-tag'])
  }
  return exits
}

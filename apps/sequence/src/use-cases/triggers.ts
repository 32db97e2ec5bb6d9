import { folded, type openPeople } from '@heed/audience'
import type { AccountId } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import { type Change, isToEnrol, triggeredBy } from '../domain/triggered.ts'
import type { Marks } from '../store/marks.ts'
import type { SequenceDocument } from '../store/sequence-document.ts'
import type { Sequences } from '../store/sequences.ts'
import type { Enrol } from './enrol.ts'

/** What contacts tell of an account's people after a cursor, and where the last change of all stands. */
export type Changes = (
  a: AccountId,
  after: string | null,
  changesMax: number,
) => Promise<{
  readonly changes: readonly (Change & { readonly cursor: string })[]
  readonly anew: boolean
  readonly head: { readonly rev: number; readonly cursor: string } | null
}>

/** Each change is held against all of them, so an account has no more. */
const triggeredMax = 100
/** Up to 500 contacts, in changes of up to 100. */
const changesPerPage = 5
/** Then another account has its turn: one that imports a million holds up none. */
const pagesPerTurn = 10
const peopleAtOnce = 1_000

/** What a new sequence keeps of its triggers; undefined where it has none. `limit-reached` beyond 100 such sequences. */
export function beginTriggers(deps: {
  sequences: Pick<Sequences, 'triggered'>
  marks: Pick<Marks, 'begin'>
  changes: Changes
  now: () => Date
}) {
  return async (a: AccountId, tags: readonly string[]): Promise<SequenceDocument['triggers']> => {
    if (tags.length === 0) return undefined
    if ((await deps.sequences.triggered(a)).length >= triggeredMax) throw new DomainError('limit-reached')
    const { head } = await deps.changes(a, null, 1)
    await deps.marks.begin(a, head?.cursor ?? null)
    const keys = [...new Set(tags.map(folded))]
    return { tags, keys, from: { rev: head?.rev ?? 0, at: deps.now() } }
  }
}

interface FollowDeps {
  readonly sequences: Pick<Sequences, 'triggered'>
  readonly marks: Pick<Marks, 'find' | 'raise'>
  readonly changes: Changes
  readonly people: ReturnType<typeof openPeople>
  readonly enrol: Enrol
}

/**
 * Enrols whom the tags given since the mark enrol. The mark is raised after everybody of a page has been, so that a
 * crash repeats a page and loses none, and each person is enrolled once however often. True where more is left.
 */
export function followTriggers(deps: FollowDeps) {
  return async (a: AccountId, signal: AbortSignal): Promise<boolean> => {
    for (let page = 0; page < pagesPerTurn; page++) {
      signal.throwIfAborted()
      const mark = await deps.marks.find(a)
      if (!mark) return false
      const { changes, anew } = await deps.changes(a, mark.cursor, changesPerPage)
      const last = changes.at(-1)
      if (!last) return false
      // Read after the changes: a tag that was given when a sequence stood finds it here.
      for (const sequence of await deps.sequences.triggered(a)) await follow(deps, sequence, changes, anew)
      await deps.marks.raise(a, mark.cursor, last.cursor)
      if (changes.length < changesPerPage) return false
    }
    return true
  }
}

async function follow(
  { people, enrol }: FollowDeps,
  { a, _id: sequenceId, triggers, excludeTags = [] }: SequenceDocument,
  changes: readonly Change[],
  anew: boolean,
): Promise<void> {
  if (!triggers) return
  const ids = triggeredBy(triggers, changes, anew)
  for (let from = 0; from < ids.length; from += peopleAtOnce) {
    const found = await people(a, ids.slice(from, from + peopleAtOnce))
    const recipients = found.flatMap(({ tags, ...person }) =>
      isToEnrol(tags, triggers.keys, excludeTags) ? [person] : [],
    )
    if (recipients.length === 0) continue
    await enrol({ accountId: a, sequenceId, recipients }, { suppressed: 'known' }).catch((error: unknown) => {
      // Cancelled since it was read.
      if (!(error instanceof DomainError && error.reason === 'wrong-state')) throw error
    })
  }
}

import { folded } from '@heed/audience'

/** A sequence's triggers, as the changes of contacts are held against them. */
export interface Trigger {
  readonly keys: readonly string[]
  /** The last change of the account when it began; `at` counts where a restore has made the revs anew. */
  readonly from: { readonly rev: number; readonly at: Date }
}

export interface Change {
  readonly rev: number
  readonly at: string
  readonly contacts: readonly { readonly contactId: string; readonly added: readonly string[] }[]
}

/** The contacts that got one of the tags since the trigger began, each once. */
export function triggeredBy({ keys, from }: Trigger, changes: readonly Change[], anew: boolean): string[] {
  const since = changes.filter(({ rev, at }) => (anew ? new Date(at) > from.at : rev > from.rev))
  const isTriggered = (added: readonly string[]) => added.some((tag) => keys.includes(folded(tag)))
  const ids = since.flatMap(({ contacts }) =>
    contacts.flatMap(({ contactId, added }) => (isTriggered(added) ? [contactId] : [])),
  )
  return [...new Set(ids)]
}

/** As somebody stands now: they have kept a tag of the trigger, and have none that is kept from the sequence. */
export function isToEnrol(
  tags: readonly string[],
  keys: readonly string[],
  excludeTags: readonly string[],
): boolean {
  const having = new Set(tags.map(folded))
  return keys.some((key) => having.has(key)) && !excludeTags.some((tag) => having.has(folded(tag)))
}

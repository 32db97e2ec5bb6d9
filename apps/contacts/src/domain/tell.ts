import type { ContactOp } from '@heed/events'
import type { Contact, ContactContent, DerivedKeys } from './contact.ts'

type Op = Exclude<ContactOp, 'deleted' | 'merged'>

/** What has not been told to others yet: written with the change itself, so that no crash comes between. */
export interface Tell {
  readonly due: true
  /** The version that wrote it: who has told an older one takes nothing of a newer one away. */
  readonly v: number
  readonly op: Op
  /** Keys of the tags given since something was last told, as far as they stand. */
  readonly added: readonly string[]
}

type Told = Pick<Contact, 'v' | 'tagKeys' | 'tell'> & ContactContent

/** What is to be told of a new contact. */
export function tellNew({ tagKeys }: Pick<DerivedKeys, 'tagKeys'>): Tell {
  return { due: true, v: 1, op: 'created', added: tagKeys }
}

/** What is to be told once `next` stands in place of `standing`, with what was due before; nothing where both say the same. */
export function tellAfter(
  standing: Told,
  next: ContactContent & Pick<DerivedKeys, 'tagKeys'>,
): Tell | undefined {
  const retagged = !isSame(standing.tags, next.tags)
  const rewritten = told.some((key) => !isSame(standing[key], next[key]))
  if (!retagged && !rewritten) return standing.tell
  const fresh = next.tagKeys.filter((key) => !standing.tagKeys.includes(key))
  const before = standing.tell?.added.filter((key) => next.tagKeys.includes(key)) ?? []
  const op = rewritten ? 'updated' : 'tagged'
  const known = standing.tell?.op
  return {
    due: true,
    v: standing.v + 1,
    op: known === undefined || known === op ? op : known === 'created' ? known : 'updated',
    added: [...new Set([...before, ...fresh])],
  }
}

const told = ['name', 'zone', 'zip', 'fields', 'numbers', 'lists', 'dnc'] as const

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

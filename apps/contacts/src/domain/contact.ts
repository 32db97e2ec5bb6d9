import { folded } from '@heed/audience'
import type { AccountId } from '@heed/phone'
import type { Tell } from './tell.ts'

export interface Field {
  readonly name: string
  readonly value: string
}

/** What an operator keeps of a person. */
export interface ContactContent {
  readonly name: string
  /** IANA name of the time zone. */
  readonly zone: string | null
  /** Five digits of the United States. */
  readonly zip: string | null
  readonly fields: readonly Field[]
  /** The first is the one that is texted. */
  readonly numbers: readonly string[]
  readonly tags: readonly string[]
  /** Static lists only: a dynamic list is asked, never kept. */
  readonly lists: readonly string[]
  /** The account's own status, neither a tag nor a registry. */
  readonly dnc: { readonly since: Date; readonly actor: string; readonly note: string } | null
}

/** What contacts are found by, made of their content at every write. */
export interface DerivedKeys {
  readonly tagKeys: readonly string[]
  readonly fieldKeys: readonly string[]
  readonly words: readonly string[]
  readonly isDnc: boolean
}

export interface Contact extends ContactContent, DerivedKeys {
  readonly _id: string
  readonly a: AccountId
  /** Every write raises it, and is made on the one that it has read. */
  readonly v: number
  readonly createdAt: Date
  readonly changedAt: Date
  /** Projected from consent: any of the numbers is opted out. */
  readonly optOut: boolean
  /** The numbers have not been taken to the list `dnc`, or off it, yet. */
  readonly dncDue?: true
  /** An opt-out of one number has not been followed by the others since the numbers changed. */
  readonly bindDue?: true
  /** What others have not been told of it yet. */
  readonly tell?: Tell | undefined
}

/** One key for a field and its value; a field's name holds no `=`. */
export const fieldKey = ({ name, value }: Field): string => `${folded(name)}=${folded(value)}`

const wordsMax = 50

export function derive(content: ContactContent): DerivedKeys {
  const words = [content.name, ...content.fields.map(({ value }) => value)].flatMap((text) =>
    folded(text).split(/[^\p{L}\p{N}]+/u),
  )
  return {
    tagKeys: unique(content.tags.map(folded)),
    fieldKeys: unique(content.fields.map(fieldKey)),
    words: unique(words.filter((word) => word !== '')).slice(0, wordsMax),
    isDnc: content.dnc !== null,
  }
}

/** The tags with these added and those taken away, each named as it was first given. */
export function retagged(
  tags: readonly string[],
  change: { readonly add: readonly string[]; readonly remove: readonly string[] },
): string[] {
  const removed = new Set(change.remove.map(folded))
  const kept = new Map<string, string>()
  for (const tag of [...tags.filter((tag) => !removed.has(folded(tag))), ...change.add])
    if (!kept.has(folded(tag))) kept.set(folded(tag), tag.trim())
  return [...kept.values()]
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)]
}

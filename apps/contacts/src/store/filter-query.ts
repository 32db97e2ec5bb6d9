import { folded } from '@heed/audience'
import type { Filter as Query } from '@heed/mongo'
import { type Contact, fieldKey } from '../domain/contact.ts'
import type { PlainFilter } from '../domain/filter.ts'

/** A filter as the database is asked. An empty `all` or `none` is everybody, an empty `any` nobody. */
export function queryOf(filter: PlainFilter): Query<Contact> {
  if ('all' in filter) return filter.all.length === 0 ? {} : { $and: filter.all.map(queryOf) }
  if ('any' in filter)
    return filter.any.length === 0 ? { _id: { $in: [] } } : { $or: filter.any.map(queryOf) }
  if ('none' in filter) return filter.none.length === 0 ? {} : { $nor: filter.none.map(queryOf) }
  if ('tag' in filter) return { tagKeys: folded(filter.tag) }
  if ('list' in filter) return { lists: filter.list }
  if ('field' in filter) return { fieldKeys: fieldKey({ name: filter.field.name, value: filter.field.is }) }
  if ('optOut' in filter) return { optOut: filter.optOut }
  return { isDnc: filter.dnc }
}

/** Everybody with a word that begins so: one range of the index, whatever is typed. */
export function wordQuery(word: string): Query<Contact> {
  const from = folded(word)
  return { words: { $elemMatch: { $gte: from, $lt: `${from}\u{10ffff}` } } } as unknown as Query<Contact>
}

import type { Doc } from './documents.ts'
import { type Filter, idsOf, matches } from './matcher.ts'

/** One write of one document, as members copy it. Two members hold the same write if it is the same object. */
export interface OplogEntry {
  /** Cluster time: what sessions order reads by. */
  readonly ts: number
  readonly term: number
  /** Empty: a no-op, written by elections and linearizable reads. */
  readonly collection: string
  readonly id: string
  readonly doc: Doc | null
}

interface Version {
  /** The length of the log that holds it. */
  readonly at: number
  readonly doc: Doc | null
}

/** What one member of the replica set has: its log, and every document as its log makes it. */
export interface Member {
  readonly index: number
  readonly log: OplogEntry[]
  /** So much of the log is known here to be held by a majority. */
  commit: number
  isUp: boolean
  /** A primary goes on believing that it is one until it hears of a later term. */
  role: 'primary' | 'secondary'
  term: number
  append(entry: OplogEntry): void
  /** Takes back what a majority never held. */
  truncate(length: number): void
  get(collection: string, id: string, upTo: number): Doc | null
  /** Whether another document has the values that a unique index allows one. */
  breaksUnique(collection: string, doc: Doc): boolean
  /** Documents as they stood when the log had that length, in no useful order. */
  find(collection: string, filter: Filter, upTo: number): Doc[]
}

/** The one unique index besides `_id` that anything relies on: one source decides once for a number on a list. */
const uniqueKey = (collection: string, doc: Doc): string | null =>
  collection === 'compliance.ledger' ? `${doc.a}/${doc.src}/${doc.list}/${doc.n}` : null

export const everything = Number.POSITIVE_INFINITY

export function member(index: number): Member {
  const collections = new Map<string, Map<string, Version[]>>()
  const log: OplogEntry[] = []
  const unique = new Map<string, string>()

  const versionsOf = (collection: string, id: string): Version[] => {
    const documents = collections.get(collection) ?? new Map<string, Version[]>()
    if (documents.size === 0) collections.set(collection, documents)
    const versions = documents.get(id) ?? []
    if (versions.length === 0) documents.set(id, versions)
    return versions
  }
  const self: Member = {
    index,
    log,
    commit: 0,
    isUp: true,
    role: 'secondary',
    term: 0,
    append(entry) {
      log.push(entry)
      if (entry.collection === '') return
      const versions = versionsOf(entry.collection, entry.id)
      versions.push({ at: log.length, doc: entry.doc })
      const key = entry.doc && uniqueKey(entry.collection, entry.doc)
      if (key) unique.set(key, entry.id)
      // What lies below the majority's point will not be asked for again.
      while (versions.length > 2 && (versions[1] as Version).at <= self.commit) versions.shift()
    },
    truncate(length) {
      while (log.length > length) {
        const entry = log.pop() as OplogEntry
        if (entry.collection === '') continue
        const versions = versionsOf(entry.collection, entry.id)
        versions.pop()
        const key = entry.doc && uniqueKey(entry.collection, entry.doc)
        if (key && versions.length === 0) unique.delete(key)
      }
    },
    get: (collection, id, upTo) => latest(collections.get(collection)?.get(id), upTo),
    breaksUnique(collection, doc) {
      const key = uniqueKey(collection, doc)
      const holder = key === null ? undefined : unique.get(key)
      return holder !== undefined && holder !== doc._id
    },
    find(collection, filter, upTo) {
      const documents = collections.get(collection)
      const found: Doc[] = []
      if (documents === undefined) return found
      const take = (versions: Version[] | undefined) => {
        const doc = latest(versions, upTo)
        if (doc !== null && matches(doc, filter)) found.push(doc)
      }
      const ids = idsOf(filter)
      if (ids !== null) for (const id of new Set(ids)) take(documents.get(id))
      else for (const versions of documents.values()) take(versions)
      return found
    },
  }
  return self
}

function latest(versions: Version[] | undefined, upTo: number): Doc | null {
  if (versions === undefined) return null
  for (let i = versions.length - 1; i >= 0; i--) {
    const version = versions[i] as Version
    if (version.at <= upTo) return version.doc
  }
  return null
}

import { randomBytes } from 'node:crypto'
import type { DocSource } from '../aggregate/stream.ts'
import { Doc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import { int32At } from '../bson/scalars.ts'
import { fail } from '../errors.ts'
import { fullName, type Namespace } from '../storage/collection.ts'

export type Cursors = ReturnType<typeof cursorRegistry>

type Cursor = {
  readonly id: bigint
  readonly namespace: Namespace
  readonly source: DocSource
  readonly noTimeout: boolean
  /** One document read that did not fit into the last batch. */
  pending: Doc | null
  usedAtMs: number
}

const batchBytesMax = 16 * 1024 * 1024
const idleMs = 10 * 60_000

function sized(doc: Doc): { doc: Doc; bytes: number } {
  const unread = doc.unread()
  if (unread) return { doc, bytes: int32At(unread.source, unread.start) }
  const bytes = encode(doc)
  return { doc: Doc.over(bytes), bytes: bytes.length }
}

/** Results that are fetched piece by piece. */
export function cursorRegistry(nowMs: () => number) {
  const open = new Map<bigint, Cursor>()

  function take(cursor: Pick<Cursor, 'source' | 'pending'>, size: number): { docs: Doc[]; ended: boolean } {
    const docs: Doc[] = []
    let total = 0
    let ended = false
    while (docs.length < size) {
      const next = cursor.pending ?? cursor.source.next()
      cursor.pending = null
      if (next === null) {
        ended = true
        break
      }
      const { doc, bytes } = sized(next)
      if (docs.length && total + bytes > batchBytesMax) {
        cursor.pending = doc
        break
      }
      total += bytes
      docs.push(doc)
    }
    cursor.source.pause()
    if (size > 0 && cursor.pending === null && cursor.source.isDone?.()) ended = true
    return { docs, ended }
  }

  const reply = (namespace: Namespace, id: bigint, batch: string, docs: Doc[]): Doc =>
    Doc.of({ cursor: Doc.of({ [batch]: docs, id, ns: fullName(namespace) }) })

  return {
    /** Answers with the first batch, and keeps the rest unless it was all or `single` is set. */
    start(
      namespace: Namespace,
      source: DocSource,
      options: { batchSize: number; single?: boolean; noTimeout?: boolean },
    ): Doc {
      const state = { source, pending: null }
      const { docs, ended } = take(state, options.batchSize)
      if (ended || options.single) return reply(namespace, 0n, 'firstBatch', docs)
      const id = randomBytes(8).readBigInt64LE() & 0x7fffffffffffffffn
      open.set(id, { ...state, id, namespace, noTimeout: options.noTimeout ?? false, usedAtMs: nowMs() })
      return reply(namespace, id, 'firstBatch', docs)
    },

    more(id: bigint, namespace: Namespace, batchSize: number): Doc {
      const cursor = open.get(id)
      if (!cursor) return fail('CursorNotFound', `cursor id ${id} not found`)
      if (fullName(cursor.namespace) !== fullName(namespace))
        fail(
          'Unauthorized',
          `Requested getMore on namespace '${fullName(namespace)}', but cursor belongs to a different namespace ${fullName(cursor.namespace)}`,
        )
      cursor.usedAtMs = nowMs()
      let taken: { docs: Doc[]; ended: boolean }
      try {
        taken = take(cursor, batchSize)
      } catch (error) {
        open.delete(id)
        throw error
      }
      if (taken.ended) open.delete(id)
      return reply(namespace, taken.ended ? 0n : id, 'nextBatch', taken.docs)
    },

    kill: (id: bigint): boolean => open.delete(id),

    /** Ends the cursors over a collection that is gone. */
    killAll(namespace: Namespace): void {
      for (const cursor of open.values())
        if (fullName(cursor.namespace) === fullName(namespace)) open.delete(cursor.id)
    },

    /** Ends the cursors that nobody has asked for ten minutes. */
    sweep(): void {
      const before = nowMs() - idleMs
      for (const cursor of open.values())
        if (!cursor.noTimeout && cursor.usedAtMs < before) open.delete(cursor.id)
    },

    get size(): number {
      return open.size
    },
  }
}

import type { Doc } from '../bson/doc.ts'

/** Documents one after the other; `pause` comes between two batches of a cursor. */
export type DocSource = {
  next(): Doc | null
  pause(): void
  /** Whether it is known that nothing more will come. */
  isDone?(): boolean
}

export function fromArray(docs: readonly Doc[]): DocSource {
  let at = 0
  return { next: () => docs[at++] ?? null, pause: () => undefined, isDone: () => at >= docs.length }
}

export function* each(source: DocSource): Generator<Doc> {
  for (let doc = source.next(); doc !== null; doc = source.next()) yield doc
}

/** A stage that needs all of its input before it gives anything. */
export function deferred(source: DocSource, make: (docs: Generator<Doc>) => readonly Doc[]): DocSource {
  let made: DocSource | null = null
  return {
    next() {
      made ??= fromArray(make(each(source)))
      return made.next()
    },
    pause: () => source.pause(),
  }
}

/** A stage that makes one document of each, or none. */
export function mapped(source: DocSource, change: (doc: Doc) => Doc | null): DocSource {
  return {
    next() {
      for (;;) {
        const doc = source.next()
        if (doc === null) return null
        const changed = change(doc)
        if (changed !== null) return changed
      }
    },
    pause: () => source.pause(),
  }
}

/** A stage that makes any number of documents of each. */
export function flatMapped(source: DocSource, expand: (doc: Doc) => readonly Doc[]): DocSource {
  let ready: readonly Doc[] = []
  let at = 0
  return {
    next() {
      while (at >= ready.length) {
        const doc = source.next()
        if (doc === null) return null
        ready = expand(doc)
        at = 0
      }
      return ready[at++] as Doc
    },
    pause: () => source.pause(),
  }
}

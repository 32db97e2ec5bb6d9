import type { DatabaseSync } from 'node:sqlite'
import type { ServerError } from '../errors.ts'
import { refusalOfDisk } from './disk-refusal.ts'
import type { Log } from './log.ts'

export type GroupCommit = {
  /**
   * To be called before each write: the first one since the last commit opens the transaction.
   * @param collection  whose content changes, by its id
   */
  begin(collection?: number): void
  /**
   * Runs `then` once what was written so far is on disk: at once if nothing is waiting. Where the disk refused
   * it, all of it is undone, and `undone` is run instead.
   * @param rests  the collections that alone matter; null: all that there is
   */
  whenDurable(then: () => void, undone: (refusal: ServerError) => void, rests: Rests): void
  /** Commits what is open, and returns when it is on disk. */
  flush(): void
  /**
   * To be told of each error that is no answer. Where the disk refused a write, everything open is undone and the
   * refusal is what to answer with; where nobody can know what is on disk, `onLost` is told; null for other errors.
   */
  failed(error: Error): ServerError | null
  /** Runs after what was open was undone: what memory holds of it must go. */
  onUndone(forget: () => void): void
  readonly counters: { writes: number; flushes: number; undone: number }
}

/** The collections that an answer rests on, by their ids; null where that is not known. */
export type Rests = ReadonlySet<number> | null

type Waiting = { readonly then: () => void; readonly undone: (refusal: ServerError) => void }

/** One commit: the collections that it changes, and the answers that rest on it. */
type Group = { readonly changed: Set<number>; readonly answers: Waiting[] }

const newGroup = (): Group => ({ changed: new Set(), answers: [] })

/**
 * Writes that arrive in one turn of the event loop, or while the disk flushes those before them, share one commit
 * and one flush. There is no timer: with no flush under way the commit runs as soon as the sockets that were
 * readable have been served. Whatever is answered meanwhile waits for what it may rest on, reads too: they may have
 * seen what a crash would still undo. A read of collections that nobody is writing to rests on nothing that waits.
 *
 * @param log  what the commits are written to; it goes to disk beside the event loop
 * @param onLost  told when it is not known what is on disk; what was open is then neither kept nor acknowledged
 */
export function groupCommit(db: DatabaseSync, log: Log, onLost: (error: Error) => void): GroupCommit {
  const counters = { writes: 0, flushes: 0, undone: 0 }
  const forgetting: (() => void)[] = []
  let isOpen = false
  let group = newGroup()
  /** The commit before, until it is on disk. */
  let flushing: Group | null = null

  function undo(refusal: ServerError): ServerError {
    if (db.isTransaction) db.exec('ROLLBACK')
    isOpen = false
    counters.undone++
    const { answers } = group
    group = newGroup()
    for (const forget of forgetting) forget()
    for (const { undone } of answers) undone(refusal)
    return refusal
  }

  function failed(error: Error): ServerError | null {
    // SQLite ends a transaction by itself on some errors; what came after would have been written alone.
    const wasEnded = isOpen && !db.isTransaction
    const refusal = refusalOfDisk(error, wasEnded)
    if (refusal === 'lost') onLost(error)
    else if (refusal) return undo(refusal)
    return null
  }

  /** Whether it stands in the log; where not, what waited for it is answered or lost. */
  function committed(): boolean {
    try {
      db.exec('COMMIT')
    } catch (error) {
      if (!failed(error as Error)) onLost(error as Error)
      return false
    }
    isOpen = false
    counters.flushes++
    return true
  }

  function commit(): void {
    if (!isOpen || flushing || !committed()) return
    flushing = group
    group = newGroup()
    log.flush((error) => {
      if (error) return onLost(error)
      const { answers } = flushing ?? newGroup()
      flushing = null
      commit()
      for (const { then } of answers) then()
    })
  }

  return {
    begin(collection) {
      counters.writes++
      if (collection !== undefined) group.changed.add(collection)
      if (isOpen && db.isTransaction) return
      if (isOpen) throw new Error('the transaction was ended by an error')
      db.exec('BEGIN IMMEDIATE')
      isOpen = true
      if (!flushing) setImmediate(commit)
    },
    whenDurable(then, undone, rests) {
      if (isOpen && !rests?.isDisjointFrom(group.changed)) group.answers.push({ then, undone })
      else if (flushing && !rests?.isDisjointFrom(flushing.changed)) flushing.answers.push({ then, undone })
      else then()
    },
    flush() {
      if (isOpen && !committed()) return
      log.flushNow()
      const answers = [...(flushing?.answers.splice(0) ?? []), ...group.answers]
      group = newGroup()
      for (const { then } of answers) then()
    },
    failed,
    onUndone: (forget) => void forgetting.push(forget),
    counters,
  }
}

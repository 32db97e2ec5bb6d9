import type { DatabaseSync } from 'node:sqlite'
import type { ServerError } from '../errors.ts'
import { refusalOfDisk } from './disk-refusal.ts'
import type { Log } from './log.ts'

export type GroupCommit = {
  /** To be called before each write: the first one since the last commit opens the transaction. */
  begin(): void
  /**
   * Runs `then` once everything written so far is on disk: at once if nothing is waiting. Where the disk refused
   * it, all of it is undone, and `undone` is run instead.
   */
  whenDurable(then: () => void, undone: (refusal: ServerError) => void): void
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

type Waiting = { readonly then: () => void; readonly undone: (refusal: ServerError) => void }

/**
 * Writes that arrive in one turn of the event loop, or while the disk flushes those before them, share one commit
 * and one flush. There is no timer: with no flush under way the commit runs as soon as the sockets that were
 * readable have been served. Whatever is answered meanwhile waits for what it may rest on, reads too: they may have
 * seen what a crash would still undo.
 *
 * @param log  what the commits are written to; it goes to disk beside the event loop
 * @param onLost  told when it is not known what is on disk; what was open is then neither kept nor acknowledged
 */
export function groupCommit(db: DatabaseSync, log: Log, onLost: (error: Error) => void): GroupCommit {
  const beginStatement = db.prepare('BEGIN IMMEDIATE')
  const commitStatement = db.prepare('COMMIT')
  const counters = { writes: 0, flushes: 0, undone: 0 }
  const forgetting: (() => void)[] = []
  let open = false
  /** What rests on the open transaction. */
  let waiting: Waiting[] = []
  /** What rests on the commit that is being flushed; null where all commits are on disk. */
  let flushing: Waiting[] | null = null

  function undo(refusal: ServerError): ServerError {
    if (db.isTransaction) db.exec('ROLLBACK')
    open = false
    counters.undone++
    const undone = waiting
    waiting = []
    for (const forget of forgetting) forget()
    for (const each of undone) each.undone(refusal)
    return refusal
  }

  function failed(error: Error): ServerError | null {
    // SQLite ends a transaction by itself on some errors; what came after would have been written alone.
    const wasEnded = open && !db.isTransaction
    const refusal = refusalOfDisk(error, wasEnded)
    if (refusal === 'lost') onLost(error)
    else if (refusal) return undo(refusal)
    return null
  }

  /** Whether it stands in the log; where not, what waited for it is answered or lost. */
  function committed(): boolean {
    try {
      commitStatement.run()
    } catch (error) {
      if (!failed(error as Error)) onLost(error as Error)
      return false
    }
    open = false
    counters.flushes++
    return true
  }

  function commit(): void {
    if (!open || flushing || !committed()) return
    flushing = waiting
    waiting = []
    log.flush((error) => {
      if (error) return onLost(error)
      const answers = flushing ?? []
      flushing = null
      commit()
      for (const { then } of answers) then()
    })
  }

  return {
    begin() {
      counters.writes++
      if (open && db.isTransaction) return
      if (open) throw new Error('the transaction was ended by an error')
      beginStatement.run()
      open = true
      if (!flushing) setImmediate(commit)
    },
    whenDurable(then, undone) {
      if (open) waiting.push({ then, undone })
      else if (flushing) flushing.push({ then, undone })
      else then()
    },
    flush() {
      if (open && !committed()) return
      log.flushNow()
      const answers = [...(flushing?.splice(0) ?? []), ...waiting.splice(0)]
      for (const { then } of answers) then()
    },
    failed,
    onUndone: (forget) => void forgetting.push(forget),
    counters,
  }
}

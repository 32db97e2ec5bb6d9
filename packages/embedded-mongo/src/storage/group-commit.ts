import type { DatabaseSync } from 'node:sqlite'

export type GroupCommit = {
  /** To be called before each write: the first one of a turn of the event loop opens the transaction. */
  begin(): void
  /** Runs what it is given once everything written so far is on disk: at once if nothing is waiting. */
  whenDurable(then: () => void): void
  /** Commits now what is open. */
  flush(): void
  /** To be told of a disk that fails: what is open cannot be trusted any more. */
  lost(error: Error): void
  readonly counters: { writes: number; flushes: number }
}

/**
 * Writes that arrive in one turn of the event loop share one commit, and so one flush to the disk. There is
 * no timer: the commit runs as soon as the sockets that were readable have been served. Whatever is answered
 * while a transaction is open waits for it, reads too: they may have seen what a crash would still undo.
 *
 * @param onLost  told when a commit fails; what was open is then neither kept nor acknowledged
 */
export function groupCommit(db: DatabaseSync, onLost: (error: Error) => void): GroupCommit {
  const beginStatement = db.prepare('BEGIN IMMEDIATE')
  const commitStatement = db.prepare('COMMIT')
  const counters = { writes: 0, flushes: 0 }
  let open = false
  let waiting: (() => void)[] = []

  function commit(): void {
    if (!open) return
    try {
      commitStatement.run()
    } catch (error) {
      onLost(error as Error)
      return
    }
    open = false
    counters.flushes++
    const answers = waiting
    waiting = []
    for (const answer of answers) answer()
  }

  return {
    begin() {
      counters.writes++
      if (open) return
      beginStatement.run()
      open = true
      setImmediate(commit)
    },
    whenDurable(then) {
      if (open) waiting.push(then)
      else then()
    },
    flush: commit,
    lost: onLost,
    counters,
  }
}

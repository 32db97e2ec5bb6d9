import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

/** The file that commits are appended to before they go anywhere else. */
export type Log = {
  /** Brings to disk what was written so far, beside the event loop; one at a time. */
  flush(done: (error: Error | null) => void): void
  /** The same, and returns when it is there. */
  flushNow(): void
  close(): void
}

/**
 * SQLite's write-ahead log, flushed here rather than by COMMIT, which would hold up everybody for as long as the disk
 * takes. SQLite itself flushes it where it begins anew and before each checkpoint (`synchronous=NORMAL`), so what is
 * missing is one flush after a commit. It is never locked, so that another descriptor of it harms no lock.
 */
export function openLog(path: string): Log {
  const file = openSync(path, 'r+')
  let isFlushing = false
  let isClosed = false
  // A log that was just made has a name on disk only when its folder is there.
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
  return {
    flush(done) {
      isFlushing = true
      fdatasync(file, (error) => {
        isFlushing = false
        if (isClosed) closeSync(file)
        done(error)
      })
    },
    flushNow: () => fdatasyncSync(file),
    close() {
      isClosed = true
      if (!isFlushing) closeSync(file)
    },
  }
}

import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { type JournalDatabase, openJournalDatabase } from './journal-database.ts'
import type { JournalOperation, ThreadAnswer } from './journal-statements.ts'

/*
 * The journal's thread: SQLite's calls wait for the disk, and a slow disk must not keep the service from
 * answering. One message is one transaction; its answer comes when it is durable.
 */

const { file } = workerData as { file: string }
let open: JournalDatabase | undefined

parentPort?.on('message', (operations: readonly JournalOperation[]) => {
  parentPort?.postMessage(answer(operations))
})

function answer(operations: readonly JournalOperation[]): ThreadAnswer {
  try {
    open ??= openFile()
    return { ok: true, results: open.inOneTransaction(operations) }
  } catch (error) {
    // Whatever failed, the next batch begins with a fresh look at the file.
    close()
    if (isDamaged(error)) setAside()
    return { ok: false, code: codeOf(error) }
  }
}

function openFile(): JournalDatabase {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return openJournalDatabase(file)
}

function close(): void {
  try {
    open?.close()
  } catch {
    // It failed already; what counts is that the next batch opens it anew.
  }
  open = undefined
}

/** SQLITE_CORRUPT and SQLITE_NOTADB: the file is kept for an operator, and a new one begun. */
function isDamaged(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
  return code === 11 || code === 26
}

function setAside(): void {
  const suffix = `damaged-${Date.now()}`
  for (const part of ['', '-wal', '-shm']) {
    try {
      if (existsSync(file + part)) renameSync(file + part, `${file}.${suffix}${part}`)
    } catch {
      // A read-only directory: the journal stays unusable, which is reported with each batch.
    }
  }
}

/** SQLite's words for the failure, such as `database or disk is full`; they name no content. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'errstr' in error ? String(error.errstr) : 'code' in error ? String(error.code) : error.name
}

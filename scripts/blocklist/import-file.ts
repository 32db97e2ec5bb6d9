import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { AccountId, ListName, PhoneNumber } from '@heed/phone'
import { type CountryCode, readNumber } from '@heed/phone/read'
import { insist } from '../files/insist.ts'
import { batchesDone, keepBatches, share, teller } from '../files/progress.ts'
import { type RowOptions, rowsOf } from './rows.ts'

/** The part of compliance's client that an import needs. */
export interface OptOuts {
  readonly optOut: {
    mutate(input: {
      accountId: AccountId
      numbers: PhoneNumber[]
      list: ListName
      cause: 'import'
      source: string
      actor: string
      note: string
    }): Promise<{ results: readonly { outcome: string; replayed: boolean }[] }>
  }
}

export interface ImportOptions extends RowOptions {
  readonly path: string
  readonly accountId: AccountId
  readonly list: ListName
  readonly actor: string
  /** Reads numbers without a country code as of this country (ISO 3166-1). */
  readonly region?: CountryCode | undefined
  readonly dryRun: boolean
  /** Where it is kept how far the import has come. */
  readonly progressFile: (id: string) => string
  readonly say: (line: string) => void
}

export interface ImportReport {
  readonly id: string
  readonly dryRun: boolean
  readonly rows: number
  /** Numbers that a block now stands for that did not before; those already blocked stay so, and are `known`. */
  readonly added: number
  readonly known: number
  /** Done by an earlier run that was interrupted. */
  readonly resumed: number
  /** Lines that hold no number that can be texted. */
  readonly errors: { readonly count: number; readonly lines: readonly number[] }
  readonly seconds: number
}

const batchMax = 64
const inFlight = 16
const errorLinesMax = 1_000

/**
 * Opts out every number of a file: read whole once before anything is done, so that a file that cannot be read does
 * nothing, then committed 64 at a time, each batch with a source made of the file's content and its line. Run again after
 * a crash it goes on where it was, and what it repeats is known by its source. It never lifts anything. Memory does not
 * grow with the file.
 */
export async function importFile(consent: OptOuts, options: ImportOptions): Promise<ImportReport> {
  const startedAt = performance.now()
  const { say } = options
  const looked = await lookThrough(options)
  say(`${looked.rows} rows, ${looked.errors.count} of them without a number that can be texted`)
  const seconds = () => (performance.now() - startedAt) / 1_000
  if (options.dryRun) return { ...looked, dryRun: true, added: 0, known: 0, resumed: 0, seconds: seconds() }
  const done = await commitAll(consent, options, looked)
  return { ...looked, dryRun: false, ...done, seconds: seconds() }
}

interface Looked {
  readonly id: string
  readonly rows: number
  readonly errors: ImportReport['errors']
}

async function lookThrough(options: ImportOptions): Promise<Looked> {
  const lines: number[] = []
  let [rows, count] = [0, 0]
  for await (const { line, value } of rowsOf(options.path, options)) {
    rows++
    if (value !== null && readNumber(value, options.region) !== null) continue
    count++
    if (lines.length < errorLinesMax) lines.push(line)
  }
  const hash = createHash('sha256').update(
    JSON.stringify([options.accountId, options.list, options.column, options.only, options.region]),
  )
  for await (const bytes of createReadStream(options.path)) hash.update(bytes as Buffer)
  return { id: hash.digest('hex').slice(0, 16), rows, errors: { count, lines } }
}

interface Batch {
  readonly index: number
  readonly line: number
  readonly numbers: PhoneNumber[]
}

async function* batchesOf(options: ImportOptions): AsyncGenerator<Batch> {
  let batch: Batch | null = null
  let index = 0
  for await (const { line, value } of rowsOf(options.path, options)) {
    const number = value === null ? null : readNumber(value, options.region)
    if (number === null) continue
    batch ??= { index: index++, line, numbers: [] }
    batch.numbers.push(number)
    if (batch.numbers.length < batchMax) continue
    yield batch
    batch = null
  }
  if (batch) yield batch
}

async function commitAll(consent: OptOuts, options: ImportOptions, { id, rows, errors }: Looked) {
  const file = options.progressFile(id)
  const resumedFrom = batchesDone(file)
  const total = rows - errors.count
  const told = teller(options.say, total, 'numbers')
  const finished = new Set<number>()
  let [contiguous, added, known, resumed] = [resumedFrom, 0, 0, 0]
  const batches = batchesOf(options)
  const worker = async () => {
    for await (const batch of share(batches)) {
      if (batch.index < resumedFrom) {
        resumed += batch.numbers.length
        continue
      }
      const results = await commit(consent, options, id, batch)
      for (const { outcome } of results) outcome === 'turned' ? added++ : known++
      finished.add(batch.index)
      while (finished.delete(contiguous)) contiguous++
      told(resumed + added + known, () => keepBatches(file, contiguous))
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  keepBatches(file, contiguous)
  return { added, known, resumed }
}

async function commit(consent: OptOuts, options: ImportOptions, id: string, { line, numbers }: Batch) {
  const { accountId, list, actor, path } = options
  const input = {
    accountId,
    numbers: [...new Set(numbers)],
    list,
    cause: 'import' as const,
    source: `import:${id}:${line}`,
    actor,
    note: `${basename(path)}, from line ${line}`.slice(0, 2_000),
  }
  return (await insist(() => consent.optOut.mutate(input))).results
}

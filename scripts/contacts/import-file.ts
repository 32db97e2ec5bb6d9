import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { AccountId } from '@heed/phone'
import { insist } from '../files/insist.ts'
import { batchesDone, keepBatches, share, teller } from '../files/progress.ts'
import { type PersonRow, peopleOf, type RowOptions } from './rows.ts'

interface Told {
  readonly created: number
  readonly updated: number
  readonly known: number
  readonly errors: readonly { readonly line: number; readonly field: string }[]
}

/** The part of contacts' client that an import needs. */
export interface Importing {
  readonly importRows: {
    mutate(input: {
      accountId: AccountId
      importId: string
      rows: PersonRow[]
      country?: string
      known: 'skip' | 'update'
      dryRun: boolean
    }): Promise<Told>
  }
}

export interface ImportOptions extends RowOptions {
  readonly path: string
  readonly accountId: AccountId
  readonly country?: string | undefined
  readonly known: 'skip' | 'update'
  readonly dryRun: boolean
  /** Where it is kept which import a file is, and how far it has come. */
  readonly progressFile: (id: string) => string
  readonly newImportId: () => string
  readonly say: (line: string) => void
}

export interface ImportReport {
  readonly importId: string
  readonly dryRun: boolean
  readonly rows: number
  readonly created: number
  readonly updated: number
  readonly known: number
  /** Done by an earlier run that was interrupted. */
  readonly resumed: number
  readonly errors: { readonly count: number; readonly first: readonly { line: number; field: string }[] }
  readonly seconds: number
}

const batchMax = 500
const inFlight = 4
const errorsKept = 1_000

/**
 * Takes the people of a file over. It is read whole once before anything is done, so that a file that cannot be read does
 * nothing; run again after a crash it goes on where it was, and what it repeats changes nothing. Memory does not grow
 * with the file.
 */
export async function importFile(contacts: Importing, options: ImportOptions): Promise<ImportReport> {
  const startedAt = performance.now()
  let rows = 0
  for await (const _ of peopleOf(options.path, options)) rows++
  options.say(`${rows.toLocaleString('en')} rows`)
  const file = options.progressFile(await hashOf(options))
  const importId = importIdIn(`${file}.import`, options)
  const resumedFrom = options.dryRun ? 0 : batchesDone(file)
  const sums = { created: 0, updated: 0, known: 0, resumed: 0 }
  const errors = { count: 0, first: [] as { line: number; field: string }[] }
  const told = teller(options.say, rows, 'rows')
  const finished = new Set<number>()
  let contiguous = resumedFrom
  const batches = batchesOf(options)
  const worker = async () => {
    for await (const { index, rows: some } of share(batches)) {
      if (index < resumedFrom) {
        sums.resumed += some.length
        continue
      }
      const { accountId, country, known, dryRun } = options
      const input = { accountId, importId, rows: some, known, dryRun, ...(country ? { country } : {}) }
      const answer = await insist(() => contacts.importRows.mutate(input))
      for (const key of ['created', 'updated', 'known'] as const) sums[key] += answer[key]
      errors.count += answer.errors.length
      errors.first.push(...answer.errors.slice(0, Math.max(0, errorsKept - errors.first.length)))
      finished.add(index)
      while (finished.delete(contiguous)) contiguous++
      const done = sums.created + sums.updated + sums.known + sums.resumed + errors.count
      told(done, () => options.dryRun || keepBatches(file, contiguous))
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  if (!options.dryRun) keepBatches(file, contiguous)
  errors.first.sort((one, other) => one.line - other.line)
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  return { importId, dryRun: options.dryRun, rows, ...sums, errors, seconds }
}

async function* batchesOf(options: ImportOptions): AsyncGenerator<{ index: number; rows: PersonRow[] }> {
  let rows: PersonRow[] = []
  let index = 0
  for await (const row of peopleOf(options.path, options)) {
    rows.push(row)
    if (rows.length < batchMax) continue
    yield { index: index++, rows }
    rows = []
  }
  if (rows.length > 0) yield { index, rows }
}

/** The same file for the same account, read in the same way, is the same import. */
async function hashOf({
  accountId,
  country,
  known,
  numberColumns,
  tags,
  path,
}: ImportOptions): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([accountId, country, known, numberColumns, tags]))
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex').slice(0, 16)
}

function importIdIn(file: string, { newImportId, dryRun }: ImportOptions): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    const importId = newImportId()
    if (dryRun) return importId
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, importId)
    return importId
  }
}

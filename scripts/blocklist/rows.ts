import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { CsvError, type Info, parse } from 'csv-parse'
import { FileError, type FileFault } from './file-error.ts'

export interface RowOptions {
  /** The column (CSV) or key (JSON lines) that holds the number; found by its usual names where absent. */
  readonly column?: string | undefined
  /** Only rows in which this column has this value, whatever its case. */
  readonly only?: { readonly column: string; readonly value: string } | undefined
}

/** What stands in the column of numbers on one line, counted from 1; null where the line has none. */
export interface Row {
  readonly line: number
  readonly value: string | null
}

/** How other systems call the column of numbers in their exports, letters and digits alone. */
const usual = new Set(
  'number phone phonenumber phone1 mobile mobilenumber mobilephone cell cellphone cellnumber msisdn to from recipient contactnumber phonee164 e164 telephone tel smsnumber address primaryphone'.split(
    ' ',
  ),
)
const plainName = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/**
 * The rows of a file of numbers, one after another and never the whole of it: JSON lines where its first character is
 * `{`, else CSV with commas, semicolons or tabs, with a header or with nothing but numbers in one column. Throws a
 * FileError where the file as a whole cannot be read.
 */
export async function* rowsOf(path: string, options: RowOptions = {}): AsyncGenerator<Row> {
  const first = await firstLineOf(path)
  if (first.trim() === '') throw new FileError('empty')
  if (first.startsWith('{')) yield* jsonRows(path, options)
  else yield* csvRows(path, first, options)
}

async function firstLineOf(path: string): Promise<string> {
  for await (const text of utf8(path)) return (text.split(/\r?\n/, 1)[0] ?? '').replace(/^\ufeff/, '')
  return ''
}

/** Decoded piece by piece; bytes that are no UTF-8 end it. */
async function* utf8(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  const decoded = (bytes?: Buffer) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined })
    } catch {
      throw new FileError('not-utf8', { line })
    }
  }
  for await (const bytes of createReadStream(path)) {
    const text = decoded(bytes as Buffer)
    yield text
    for (const unit of text) if (unit === '\n') line++
  }
  yield decoded()
}

async function* jsonRows(path: string, { column, only }: RowOptions): AsyncGenerator<Row> {
  let line = 0
  for await (const text of createInterface({
    input: Readable.from(utf8(path)),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++
    if (text.trim() === '') continue
    const row = objectOf(text)
    if (row === null) {
      yield { line, value: null }
      continue
    }
    if (only && String(row[only.column] ?? '').toLowerCase() !== only.value.toLowerCase()) continue
    const key = column ?? Object.keys(row).find((name) => usual.has(plainName(name)))
    const value = key === undefined ? undefined : row[key]
    yield { line, value: typeof value === 'string' || typeof value === 'number' ? String(value) : null }
  }
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

async function* csvRows(path: string, first: string, options: RowOptions): AsyncGenerator<Row> {
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    trim: true,
    delimiter: delimiterOf(first),
  })
  const source = Readable.from(utf8(path))
  source.on('error', (error) => parser.destroy(error))
  let place: { number: number; only: number | null } | null = null
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<{
      record: string[]
      info: Info
    }>) {
      const line = info.lines
      if (place === null) {
        place = placeOf(record, options)
        if (!isNumberLike(record[place.number] ?? '')) continue
      }
      const { only } = options
      if (
        only &&
        place.only !== null &&
        (record[place.only] ?? '').toLowerCase() !== only.value.toLowerCase()
      )
        continue
      yield { line, value: record[place.number] || null }
    }
  } catch (error) {
    throw error instanceof CsvError ? fileError(error) : error
  } finally {
    source.destroy()
  }
}

const delimiterOf = (first: string) =>
  [',', ';', '\t']
    .map((mark) => ({ mark, count: first.split(mark).length }))
    .sort((a, b) => b.count - a.count)[0]?.mark ?? ','

const isNumberLike = (text: string) => /^[+(]?\d[\d\s().-]{5,}$/.test(text)

/** Where the number stands, by the header; a file without one has nothing but numbers. */
function placeOf(
  header: readonly string[],
  { column, only }: RowOptions,
): { number: number; only: number | null } {
  const at = (name: string) => header.findIndex((one) => plainName(one) === plainName(name))
  const onlyAt = only ? at(only.column) : null
  if (only && onlyAt === -1) throw new FileError('no-such-column', { line: 1, field: only.column })
  if (column !== undefined) {
    if (at(column) === -1) throw new FileError('no-such-column', { line: 1, field: column })
    return { number: at(column), only: onlyAt }
  }
  if (header.length === 1 && isNumberLike(header[0] ?? '')) return { number: 0, only: onlyAt }
  const number = header.findIndex((name) => usual.has(plainName(name)))
  if (number === -1) throw new FileError('which-column', { line: 1 })
  return { number, only: onlyAt }
}

const faults: Partial<Record<string, FileFault>> = {
  CSV_QUOTE_NOT_CLOSED: 'open-quote',
  INVALID_OPENING_QUOTE: 'open-quote',
  CSV_INVALID_CLOSING_QUOTE: 'open-quote',
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'columns-differ',
}

function fileError(error: CsvError): FileError {
  const line = typeof error.lines === 'number' ? { line: error.lines } : {}
  return new FileError(faults[error.code] ?? 'unreadable', line)
}

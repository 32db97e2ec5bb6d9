import { FileError } from '../files/file-error.ts'
import { csvRecords, firstLineOf, isNumberColumn, jsonObjects, plainName } from '../files/read-file.ts'

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

async function* jsonRows(path: string, { column, only }: RowOptions): AsyncGenerator<Row> {
  for await (const { line, object } of jsonObjects(path)) {
    if (object === null) {
      yield { line, value: null }
      continue
    }
    if (only && String(object[only.column] ?? '').toLowerCase() !== only.value.toLowerCase()) continue
    const key = column ?? Object.keys(object).find(isNumberColumn)
    const value = key === undefined ? undefined : object[key]
    yield { line, value: typeof value === 'string' || typeof value === 'number' ? String(value) : null }
  }
}

async function* csvRows(path: string, first: string, options: RowOptions): AsyncGenerator<Row> {
  let place: { number: number; only: number | null } | null = null
  for await (const { line, record } of csvRecords(path, first)) {
    if (place === null) {
      place = placeOf(record, options)
      if (!isNumberLike(record[place.number] ?? '')) continue
    }
    const { only } = options
    const isOther = (at: number, value: string) => (record[at] ?? '').toLowerCase() !== value.toLowerCase()
    if (only && place.only !== null && isOther(place.only, only.value)) continue
    yield { line, value: record[place.number] || null }
  }
}

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
  const number = header.findIndex(isNumberColumn)
  if (number === -1) throw new FileError('which-column', { line: 1 })
  return { number, only: onlyAt }
}

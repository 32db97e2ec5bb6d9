import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { CsvError, type Info, parse } from 'csv-parse'
import { FileError, type FileFault } from './file-error.ts'

/** How other systems call a column of numbers in their exports, letters and digits alone. */
const usual = new Set(
  'number phone phonenumber phone1 phone2 phone3 mobile mobilenumber mobilephone cell cellphone cellnumber msisdn to from recipient contactnumber phonee164 e164 telephone tel smsnumber address primaryphone'.split(
    ' ',
  ),
)
/** A column's name, letters and digits alone. */
export const plainName = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')
export const isNumberColumn = (name: string) => usual.has(plainName(name))

export async function firstLineOf(path: string): Promise<string> {
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

/** JSON lines; `object` is null where a line is no object. Lines count from 1. */
export async function* jsonObjects(
  path: string,
): AsyncGenerator<{ line: number; object: Record<string, unknown> | null }> {
  let line = 0
  const input = Readable.from(utf8(path))
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++
    if (text.trim() !== '') yield { line, object: objectOf(text) }
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

/** CSV with commas, semicolons or tabs, whatever its first line has most of; its header is the first record. */
export async function* csvRecords(
  path: string,
  first: string,
): AsyncGenerator<{ line: number; record: readonly string[] }> {
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    trim: true,
    delimiter: delimiterOf(first),
  })
  const source = Readable.from(utf8(path))
  source.on('error', (error) => parser.destroy(error))
  try {
    for await (const { record, info } of source.pipe(parser) as AsyncIterable<{
      record: string[]
      info: Info
    }>)
      yield { line: info.lines, record }
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

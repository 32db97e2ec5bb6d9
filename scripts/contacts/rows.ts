import { FileError } from '../files/file-error.ts'
import { csvRecords, firstLineOf, isNumberColumn, jsonObjects, plainName } from '../files/read-file.ts'

/** A person as one row of a file tells of them; every value as it stands there. */
export interface PersonRow {
  readonly line: number
  readonly numbers: string[]
  readonly name?: string
  readonly zone?: string
  readonly zip?: string
  readonly fields: { name: string; value: string }[]
  readonly tags: string[]
}

export interface RowOptions {
  /** Columns of numbers in the order of their worth; found by their usual names where not given. */
  readonly numberColumns?: readonly string[] | undefined
  /** Given to everybody, besides the tags of their row. */
  readonly tags: readonly string[]
}

type Kind = 'number' | 'name' | 'first' | 'last' | 'zip' | 'zone' | 'tags' | 'field'

const kinds: Readonly<Record<string, Kind>> = {
  name: 'name',
  fullname: 'name',
  contactname: 'name',
  firstname: 'first',
  givenname: 'first',
  lastname: 'last',
  surname: 'last',
  familyname: 'last',
  zip: 'zip',
  zipcode: 'zip',
  postalcode: 'zip',
  postcode: 'zip',
  timezone: 'zone',
  zone: 'zone',
  tz: 'zone',
  tag: 'tags',
  tags: 'tags',
  labels: 'tags',
}

/**
 * The people of a file, one after another and never the whole of it: JSON lines where its first character is `{`, else CSV
 * with a header. A column that is known by its name is a number, the name, ZIP code, time zone or tags (apart by `;`, `,` or
 * `|`); every other one is a field of that name. Throws a FileError where the file as a whole cannot be read.
 */
export async function* peopleOf(path: string, options: RowOptions): AsyncGenerator<PersonRow> {
  const first = await firstLineOf(path)
  if (first.trim() === '') throw new FileError('empty')
  if (first.startsWith('{')) {
    for await (const { line, object } of jsonObjects(path))
      yield personOf(line, textEntries(object ?? {}), options)
    return
  }
  let header: readonly string[] | null = null
  for await (const { line, record } of csvRecords(path, first)) {
    if (header === null) {
      header = record
      insistOnNumbers(header, options)
      continue
    }
    const entries = header.map((column, at) => [column, record[at] ?? ''] as const)
    yield personOf(line, entries, options)
  }
}

function insistOnNumbers(header: readonly string[], { numberColumns }: RowOptions): void {
  const plain = new Set(header.map(plainName))
  for (const column of numberColumns ?? [])
    if (!plain.has(plainName(column))) throw new FileError('no-such-column', { line: 1, field: column })
  if (!numberColumns && !header.some(isNumberColumn)) throw new FileError('which-column', { line: 1 })
}

function textEntries(object: Record<string, unknown>): (readonly [string, string])[] {
  return Object.entries(object).flatMap(([column, value]) => {
    if (Array.isArray(value))
      return [[column, value.filter((one) => typeof one === 'string').join(';')] as const]
    return typeof value === 'string' || typeof value === 'number' ? [[column, String(value)] as const] : []
  })
}

function personOf(
  line: number,
  entries: readonly (readonly [string, string])[],
  { numberColumns, tags }: RowOptions,
): PersonRow {
  const kindOf = (column: string): Kind => {
    const isNumber = numberColumns
      ? numberColumns.some((one) => plainName(one) === plainName(column))
      : isNumberColumn(column)
    return isNumber ? 'number' : (kinds[plainName(column)] ?? 'field')
  }
  const filled = entries
    .map(([column, value]) => ({ column: column.trim(), value: value.trim(), kind: kindOf(column) }))
    .filter(({ value }) => value !== '')
  const values = (kind: Kind) => filled.filter((one) => one.kind === kind).map(({ value }) => value)
  const [zone] = values('zone')
  const [zip] = values('zip')
  const name = values('name')[0] ?? [...values('first'), ...values('last')].join(' ')
  return {
    line,
    numbers: values('number'),
    ...(name === '' ? {} : { name }),
    ...(zone === undefined ? {} : { zone }),
    ...(zip === undefined ? {} : { zip }),
    fields: filled.flatMap(({ column, value, kind }) => (kind === 'field' ? [{ name: column, value }] : [])),
    tags: [...tags, ...values('tags').flatMap((text) => text.split(/[;,|]/))]
      .map((tag) => tag.trim())
      .filter(Boolean),
  }
}

/** Why a file as a whole cannot be read. Nothing of it has been done then. */
export type FileFault =
  | 'empty'
  | 'not-utf8'
  | 'open-quote'
  | 'columns-differ'
  | 'no-such-column'
  | 'which-column'
  | 'unreadable'

const words: Record<FileFault, string> = {
  empty: 'there is nothing in it',
  'not-utf8': 'it is not UTF-8',
  'open-quote': 'a quote is opened and not closed, or stands within a field',
  'columns-differ': 'this line has another number of columns than the first',
  'no-such-column': 'there is no such column',
  'which-column': 'no column is called as one of numbers usually is: name it with --column',
  unreadable: 'it cannot be read as CSV',
}

/** Names the line (from 1) and the field, never what stands there: that may be a phone number. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly fault: FileFault
  readonly line: number | null
  readonly field: string | null

  constructor(fault: FileFault, at: { line?: number; field?: string } = {}) {
    const where = [at.line && `line ${at.line}`, at.field && `column ${at.field}`].filter(Boolean).join(', ')
    super(`${where ? `${where}: ` : ''}${words[fault]}`)
    this.fault = fault
    this.line = at.line ?? null
    this.field = at.field ?? null
  }
}

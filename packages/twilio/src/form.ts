export type FormEntry = readonly [name: string, value: string]
export type FormParams = Readonly<Record<string, string | readonly string[]>>

export type ParsedForm =
  | { readonly ok: true; readonly entries: FormEntry[] }
  | { readonly ok: false; readonly reason: 'invalid-utf8' }

/**
 * A form-encoded body as its entries in order, repeated names kept. Bytes that are no UTF-8 are refused, not
 * replaced: a text that was changed on its way in would be kept as proof of what a person wrote. A `%` that
 * begins no escape stands for itself (URL standard, application/x-www-form-urlencoded).
 */
export function parseForm(rawBody: Buffer): ParsedForm {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const entries: FormEntry[] = []
  try {
    for (const pair of split(rawBody, ampersand)) {
      if (pair.length === 0) continue
      const at = pair.indexOf(equals)
      const name = at < 0 ? pair : pair.subarray(0, at)
      const value = at < 0 ? pair.subarray(pair.length) : pair.subarray(at + 1)
      entries.push([decoder.decode(unescapeBytes(name)), decoder.decode(unescapeBytes(value))])
    }
  } catch (error) {
    if (error instanceof TypeError) return { ok: false, reason: 'invalid-utf8' }
    throw error
  }
  return { ok: true, entries }
}

/** The shape that schemas read: one value as a string, several as a list. Without a prototype. */
export function formParams(entries: readonly FormEntry[]): FormParams {
  const params: Record<string, string | string[]> = Object.create(null)
  for (const [name, values] of valuesByName(entries)) {
    const [first = '', ...others] = values
    params[name] = others.length === 0 ? first : values
  }
  return params
}

export function valuesByName(params: FormParams | readonly FormEntry[]): Map<string, string[]> {
  const entries: FormEntry[] = isEntries(params)
    ? [...params]
    : Object.entries(params).flatMap(([name, value]) => [value].flat().map((one): FormEntry => [name, one]))
  const values = new Map<string, string[]>()
  for (const [name, value] of entries) {
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return values
}

function isEntries(params: FormParams | readonly FormEntry[]): params is readonly FormEntry[] {
  return Array.isArray(params)
}

const ampersand = 0x26
const equals = 0x3d
const percent = 0x25
const plus = 0x2b
const space = 0x20

function* split(bytes: Buffer, separator: number): Generator<Buffer> {
  for (let start = 0; start <= bytes.length; ) {
    const at = bytes.indexOf(separator, start)
    const end = at < 0 ? bytes.length : at
    yield bytes.subarray(start, end)
    start = end + 1
  }
}

function unescapeBytes(bytes: Buffer): Buffer {
  const plain = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes.readUInt8(at)
    const escaped = byte === percent ? hexByte(bytes, at + 1) : -1
    if (escaped >= 0) at += 2
    plain[length++] = escaped >= 0 ? escaped : byte === plus ? space : byte
  }
  return plain.subarray(0, length)
}

function hexByte(bytes: Buffer, at: number): number {
  const high = hexDigit(bytes[at])
  const low = hexDigit(bytes[at + 1])
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function hexDigit(byte: number | undefined): number {
  return byte === undefined ? -1 : '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase())
}

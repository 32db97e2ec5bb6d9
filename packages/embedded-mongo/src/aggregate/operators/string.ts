import { Int32 } from 'bson'
import { Doc } from '../../bson/doc.ts'
import { isNumeric, toDouble } from '../../bson/numeric.ts'
import { type Maybe, typeName, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import { compareText } from '../../query/compare.ts'
import { compilePattern, isRegex } from '../../query/regex.ts'
import type { Evaluate, OperatorFactory } from '../scope.ts'
import { isNullish } from '../values.ts'
import { computed, named, nullable, textOr } from './arguments.ts'

const int = (value: number): Int32 => new Int32(value)

/** Numbers and dates become text where text is wanted; null becomes none. */
function asText(value: Maybe, name: string): string {
  if (isNullish(value)) return ''
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  return isNumeric(value)
    ? String(toDouble(value))
    : fail(16007, `can't convert from BSON type ${typeName(value)} to String in ${name}`)
}

function concat(values: Maybe[]): Maybe {
  if (values.some(isNullish)) return null
  return values
    .map((value) =>
      typeof value === 'string'
        ? value
        : fail(16702, `$concat only supports strings, not ${typeName(value)}`),
    )
    .join('')
}

function byCodePoints([value, start, count]: Maybe[], name: string): string {
  const points = [...asText(value, name)]
  const from = toDouble(start as number)
  const length = toDouble(count as number)
  if (from < 0) fail(34455, `${name}: starting index must be non-negative`)
  return points.slice(from, length < 0 ? undefined : from + length).join('')
}

function byBytes([value, start, count]: Maybe[], name: string): string {
  const bytes = Buffer.from(asText(value, name))
  const from = toDouble(start as number)
  const length = toDouble(count as number)
  if (from < 0) fail(50752, `${name}: starting index must be non-negative`)
  const part = bytes.subarray(from, length < 0 ? undefined : from + length)
  if (((part[0] ?? 0) & 0xc0) === 0x80)
    fail(28656, `${name}: Invalid range, starting index is a UTF-8 continuation byte.`)
  return part.toString()
}

const trim = (left: boolean, right: boolean): OperatorFactory =>
  named(['input', 'chars'], ['input'], (given) => (root) => {
    const value = (given.input as Evaluate)(root)
    const chars = given.chars?.(root)
    if (isNullish(value) || (given.chars && isNullish(chars))) return null
    const text = [...textOr(value, '$trim', 50699)]
    const drop = new Set(
      typeof chars === 'string'
        ? [...chars]
        : [
            '\0',
            ' ',
            '\t',
            '\n',
            '\v',
            '\f',
            '\r',
            '\u00a0',
            ...'\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a',
          ],
    )
    let [from, to] = [0, text.length]
    while (left && from < to && drop.has(text[from] as string)) from++
    while (right && to > from && drop.has(text[to - 1] as string)) to--
    return text.slice(from, to).join('')
  })

const replace = (all: boolean): OperatorFactory =>
  named(['input', 'find', 'replacement'], ['input', 'find', 'replacement'], (given) => (root) => {
    const values = ['input', 'find', 'replacement'].map((key) => (given[key] as Evaluate)(root))
    if (values.some(isNullish)) return null
    const [input, find, replacement] = values.map((value) => textOr(value, '$replaceOne', 51746)) as [
      string,
      string,
      string,
    ]
    return all ? input.replaceAll(find, () => replacement) : input.replace(find, () => replacement)
  })

function indexOf(isBytes: boolean): OperatorFactory {
  return computed(2, 4, ([value, wanted, from, to], name) => {
    if (isNullish(value)) return null
    const [text, find] = [textOr(value, name, 40091), textOr(wanted, name, 40092)]
    const units = isBytes ? [...Buffer.from(text).toString('latin1')] : [...text]
    const needle = isBytes ? [...Buffer.from(find).toString('latin1')] : [...find]
    const end = isNumeric(to) ? Math.min(units.length, toDouble(to)) : units.length
    for (let i = isNumeric(from) ? toDouble(from) : 0; i + needle.length <= end; i++)
      if (needle.every((unit, j) => units[i + j] === unit)) return int(i)
    return int(-1)
  })
}

function regexOf(pattern: Maybe, options: Maybe, flags: string): RegExp {
  const text = isRegex(pattern as Value)
    ? (pattern as { pattern: string }).pattern
    : textOr(pattern, '$regexMatch', 51105)
  const given =
    typeof options === 'string'
      ? options
      : isRegex(pattern as Value)
        ? (pattern as { options: string }).options
        : ''
  const compiled = compilePattern(text, given)
  return new RegExp(compiled.source, compiled.flags + flags)
}

const matchDoc = (found: RegExpMatchArray, text: string): Doc =>
  Doc.of({
    match: found[0],
    idx: int([...text.slice(0, found.index)].length),
    captures: found.slice(1).map((part) => part ?? null),
  })

const regex = (build: (text: string | null, pattern: () => RegExp) => Maybe, flags = ''): OperatorFactory =>
  named(['input', 'regex', 'options'], ['input', 'regex'], (given) => (root) => {
    const input = (given.input as Evaluate)(root)
    const pattern = (given.regex as Evaluate)(root)
    if (isNullish(input) || isNullish(pattern)) return build(null, () => /./)
    return build(textOr(input, '$regexMatch', 51104), () => regexOf(pattern, given.options?.(root), flags))
  })

const ascii =
  (change: (text: string) => string) =>
  (text: string): string =>
    text.replace(/[a-zA-Z]+/g, change)

export const stringOperators: Record<string, OperatorFactory> = {
  $concat: computed(0, Number.POSITIVE_INFINITY, concat),
  $toLower: computed(1, 1, ([value], name) => ascii((text) => text.toLowerCase())(asText(value, name))),
  $toUpper: computed(1, 1, ([value], name) => ascii((text) => text.toUpperCase())(asText(value, name))),
  $substr: computed(3, 3, byBytes),
  $substrBytes: computed(3, 3, byBytes),
  $substrCP: computed(3, 3, byCodePoints),
  $strLenCP: computed(1, 1, ([value], name) => int([...textOr(value, name, 34471)].length)),
  $strLenBytes: computed(1, 1, ([value], name) => int(Buffer.byteLength(textOr(value, name, 34473)))),
  $strcasecmp: computed(2, 2, ([a, b], name) =>
    int(compareText(asText(a, name).toUpperCase(), asText(b, name).toUpperCase())),
  ),
  $split: nullable(2, 2, ([value, by], name) => {
    const separator = textOr(by, name, 40086)
    return separator === ''
      ? fail(40087, '$split requires a non-empty separator')
      : textOr(value, name, 40085).split(separator)
  }),
  $trim: trim(true, true),
  $ltrim: trim(true, false),
  $rtrim: trim(false, true),
  $replaceOne: replace(false),
  $replaceAll: replace(true),
  $indexOfCP: indexOf(false),
  $indexOfBytes: indexOf(true),
  $regexMatch: regex((text, pattern) => text !== null && pattern().test(text)),
  $regexFind: regex((text, pattern) => {
    const found = text === null ? null : text.match(pattern())
    return found && text !== null ? matchDoc(found, text) : null
  }),
  $regexFindAll: regex(
    (text, pattern) =>
      text === null ? [] : [...text.matchAll(pattern())].map((found) => matchDoc(found, text)),
    'g',
  ),
}

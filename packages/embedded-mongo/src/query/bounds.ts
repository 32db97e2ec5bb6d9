import { isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import { bsonUndefined, type Value } from '../bson/value.ts'
import { encodeKey, typeMark } from '../storage/key-encoding.ts'
import { rankOf } from './compare.ts'
import type { Condition } from './condition.ts'
import { isRegex } from './regex.ts'

/**
 * One end of an interval of ascending keys. `at`: from these bytes on, or up to but without them;
 * `after`: beyond every key that starts with them; `mark`: a single type byte.
 */
export type Edge = { readonly bytes: Buffer; readonly kind: 'at' | 'after' | 'mark' }
export type Interval = { readonly low: Edge; readonly high: Edge }

/** What a condition says of the keys of its path, and whether it says all there is to say. */
export type PathBounds =
  | { kind: 'points'; points: Value[]; exact: boolean }
  | { kind: 'interval'; interval: Interval; exact: boolean }

const mark = (byte: number): Edge => ({ bytes: Buffer.from([byte]), kind: 'mark' })
const everything: Interval = { low: mark(0x10), high: mark(0xf0) }

/** Arrays are indexed by their elements, so that an index does not know the array as a whole. */
const indexable = (value: Value): boolean =>
  !Array.isArray(value) && !isRegex(value) && value !== bsonUndefined

const isNan = (value: Value): boolean =>
  isNumeric(value) && typeof value !== 'bigint' && Number.isNaN(toDouble(value))

/** NaN stands below every number and is in no range. */
function lowestOfType(value: Value): Edge {
  const byte = typeMark(value)
  return isNumeric(value) ? { bytes: Buffer.from([byte, 0, 0, 0, 0, 0, 0, 0, 0]), kind: 'after' } : mark(byte)
}

function rangeBounds(op: string, value: Value): PathBounds | null {
  if (value === null)
    return op === '$gte' || op === '$lte' ? { kind: 'points', points: [null], exact: false } : null
  const rank = rankOf(value)
  if (rank === -1 || rank === 127 || !indexable(value) || isNan(value)) return null
  const bytes = encodeKey([value])
  const top = mark(typeMark(value) + 1)
  const exact = !isDoc(value)
  switch (op) {
    case '$gt':
      return { kind: 'interval', interval: { low: { bytes, kind: 'after' }, high: top }, exact }
    case '$gte':
      return { kind: 'interval', interval: { low: { bytes, kind: 'at' }, high: top }, exact }
    case '$lt':
      return { kind: 'interval', interval: { low: lowestOfType(value), high: { bytes, kind: 'at' } }, exact }
    default:
      return {
        kind: 'interval',
        interval: { low: lowestOfType(value), high: { bytes, kind: 'after' } },
        exact,
      }
  }
}

/** The literal text every match must begin with, if the pattern says so. */
function literalPrefix(pattern: string): string {
  if (!/^\^/.test(pattern) || pattern.includes('|')) return ''
  const literal = /^\^([A-Za-z0-9 _:;,@#%&=<>/'"~!-]*)/.exec(pattern)?.[1] ?? ''
  const next = pattern[literal.length + 1]
  return next !== undefined && '?*{'.includes(next) ? literal.slice(0, -1) : literal
}

function regexBounds(value: Value): PathBounds | null {
  if (!isRegex(value) || /[imx]/.test(value.options)) return null
  const prefix = literalPrefix(value.pattern)
  if (!prefix) return null
  const bytes = encodeKey([prefix]).subarray(0, -1)
  return {
    kind: 'interval',
    interval: { low: { bytes, kind: 'at' }, high: { bytes, kind: 'after' } },
    exact: false,
  }
}

/** What a condition on a path means for an index on it; null if nothing. */
export function boundsOf(condition: Extract<Condition, { kind: 'path' }>): PathBounds | null {
  const { op, value } = condition
  switch (op) {
    case '$eq':
      return indexable(value) ? { kind: 'points', points: [value], exact: value !== null } : null
    case '$in':
      if (!Array.isArray(value) || !value.every(indexable)) return null
      return { kind: 'points', points: value, exact: !value.includes(null) }
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return rangeBounds(op, value)
    case '$exists':
      return value === true
        ? { kind: 'interval', interval: everything, exact: false }
        : { kind: 'points', points: [null], exact: false }
    case '$regex':
      return regexBounds(value)
    default:
      return null
  }
}

const edgeBytes = ({ bytes, kind }: Edge): Buffer =>
  kind === 'after' ? Buffer.concat([bytes, Buffer.from([0xff])]) : bytes

export function intersect(a: Interval, b: Interval): Interval {
  return {
    low: Buffer.compare(edgeBytes(a.low), edgeBytes(b.low)) >= 0 ? a.low : b.low,
    high: Buffer.compare(edgeBytes(a.high), edgeBytes(b.high)) <= 0 ? a.high : b.high,
  }
}

const complement = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => ~byte))

/** The end of an interval in keys whose order is reversed: a low end becomes the high one. */
function reversed({ bytes, kind }: Edge): Edge {
  if (kind === 'mark') return mark((~(bytes[0] as number) & 255) + 1)
  return { bytes: complement(bytes), kind: kind === 'at' ? 'after' : 'at' }
}

/** The bytes from (inclusive) and to (exclusive) which the keys of an interval lie. */
export function renderInterval(interval: Interval, descending: boolean): { from: Buffer; to: Buffer } {
  const { low, high } = interval
  return descending
    ? { from: edgeBytes(reversed(high)), to: edgeBytes(reversed(low)) }
    : { from: edgeBytes(low), to: edgeBytes(high) }
}

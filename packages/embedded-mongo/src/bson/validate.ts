import { fail } from '../errors.ts'
import { int32At } from './scalars.ts'

/** A document a client may store; what the server itself adds to one may go 16 KiB beyond. */
export const maxDocumentBytes = 16 * 1024 * 1024
export const maxInternalBytes = maxDocumentBytes + 16 * 1024
const maxDepth = 200

const fixedSizes: Record<number, number> = {
  1: 8,
  6: 0,
  7: 12,
  8: 1,
  9: 8,
  10: 0,
  16: 4,
  17: 8,
  18: 8,
  19: 16,
  127: 0,
  255: 0,
}

function invalid(what: string): never {
  fail('InvalidBSON', `Invalid BSON: ${what}`)
}

function cstringEnd(bytes: Buffer, at: number, limit: number): number {
  let end = at
  while (end < limit && bytes[end] !== 0) end++
  if (end >= limit) invalid('unterminated string')
  return end + 1
}

function stringEnd(bytes: Buffer, at: number, limit: number): number {
  if (at + 4 > limit) invalid('truncated string')
  const length = int32At(bytes, at)
  const end = at + 4 + length
  if (length < 1 || end > limit || bytes[end - 1] !== 0) invalid('bad string length')
  return end
}

function binaryEnd(bytes: Buffer, at: number, limit: number): number {
  if (at + 5 > limit) invalid('truncated binary')
  const length = int32At(bytes, at)
  if (length < 0 || at + 5 + length > limit) invalid('bad binary length')
  return at + 5 + length
}

function valueEnd(bytes: Buffer, type: number, at: number, limit: number, depth: number): number {
  const size = fixedSizes[type]
  if (size !== undefined) return at + size
  switch (type) {
    case 2:
    case 13:
    case 14:
      return stringEnd(bytes, at, limit)
    case 3:
    case 4:
      return documentEnd(bytes, at, limit, depth + 1)
    case 5:
      return binaryEnd(bytes, at, limit)
    case 11:
      return cstringEnd(bytes, cstringEnd(bytes, at, limit), limit)
    case 12:
      return stringEnd(bytes, at, limit) + 12
    case 15: {
      if (at + 4 > limit) invalid('truncated code')
      const end = at + int32At(bytes, at)
      if (end > limit || documentEnd(bytes, stringEnd(bytes, at + 4, limit), limit, depth + 1) !== end)
        invalid('bad code with scope')
      return end
    }
    default:
      return invalid(`unrecognized BSON type ${type}`)
  }
}

/**
 * Where the document at `start` ends. Throws InvalidBSON unless every length inside it holds, so that
 * later readers may trust the bytes; deeper than 200 levels is refused as the server does.
 */
export function documentEnd(bytes: Buffer, start: number, limit: number, depth = 0): number {
  if (depth > maxDepth) fail('Overflow', `BSONObj exceeded maximum nested object depth: ${maxDepth}`)
  if (start + 5 > limit) invalid('truncated document')
  const size = int32At(bytes, start)
  if (depth === 0 && size > maxInternalBytes)
    fail(
      'BSONObjectTooLarge',
      `BSONObj size: ${size} is invalid. Size must be between 0 and ${maxInternalBytes}(16MB)`,
    )
  const end = start + size
  if (size < 5 || end > limit || bytes[end - 1] !== 0) invalid('bad document length')
  let at = start + 4
  while (at < end - 1) {
    const type = bytes[at] as number
    at = cstringEnd(bytes, at + 1, end - 1)
    at = valueEnd(bytes, type, at, end - 1, depth)
    if (at > end - 1) invalid('value beyond the end of its document')
  }
  if (at !== end - 1) invalid('bytes after the last field')
  return end
}

import { Int32 } from 'bson'
import { type Doc, isDoc } from '../bson/doc.ts'
import { isIntegral, isNumeric, toDouble } from '../bson/numeric.ts'
import { type Maybe, typeName, type Value } from '../bson/value.ts'
import type { LogicalClock } from '../clock.ts'
import { fail } from '../errors.ts'
import type { Collection, Namespace } from '../storage/collection.ts'
import type { Engine } from '../storage/engine.ts'
import { checkName } from '../storage/names.ts'
import type { Retries } from '../storage/retries.ts'
import type { Peer } from '../wire/connection.ts'
import type { Cursors } from './cursors.ts'

/** What all commands work on. */
export type Services = {
  readonly engine: Engine
  readonly cursors: Cursors
  readonly retries: Retries
  readonly clock: LogicalClock
  readonly startedAtMs: number
  readonly settings: { readonly setName: string; connections: () => number }
}

/** One command as it came. */
export type Request = Services & {
  readonly name: string
  readonly body: Doc
  readonly db: string
  readonly peer: Peer
  /** When it must have ended, in the milliseconds of `Date.now`. */
  readonly deadlineMs: number
}

/** An answer without `ok` and the times, which are added to each. */
export type Command = {
  readonly fields: readonly string[]
  readonly run: (request: Request) => Doc
  readonly writes?: boolean
  /** Runs on `admin` only. */
  readonly adminOnly?: boolean
}

function wrongType(request: Request, field: string, value: Value, expected: string): never {
  return fail(
    'TypeMismatch',
    `BSON field '${request.name}.${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  )
}

export function optionalDoc(request: Request, field: string): Doc | undefined {
  const value = request.body.get(field)
  if (value === undefined || isDoc(value)) return value
  return value === null ? undefined : wrongType(request, field, value, 'object')
}

export function optionalText(request: Request, field: string): string | undefined {
  const value = request.body.get(field)
  if (value === undefined || typeof value === 'string') return value
  return wrongType(request, field, value, 'string')
}

export function optionalList(request: Request, field: string): Value[] | undefined {
  const value = request.body.get(field)
  if (value === undefined || Array.isArray(value)) return value
  return wrongType(request, field, value, 'array')
}

/** Booleans may come as numbers. */
export function flag(request: Request, field: string, fallback = false): boolean {
  const value = request.body.get(field)
  if (value === undefined || value === null) return fallback
  if (typeof value === 'boolean') return value
  return isNumeric(value) ? toDouble(value) !== 0 : wrongType(request, field, value, 'bool')
}

/** A whole number; other types than numbers are refused. */
export function optionalWhole(request: Request, field: string): number | undefined {
  const value = request.body.get(field)
  if (value === undefined || value === null) return undefined
  if (!isNumeric(value)) return wrongType(request, field, value, 'long')
  if (!isIntegral(value)) fail('FailedToParse', `Expected an integer: ${field}: ${toDouble(value)}`)
  return toDouble(value)
}

export function nonNegative(request: Request, field: string): number | undefined {
  const value = optionalWhole(request, field)
  if (value !== undefined && value < 0)
    fail(51024, `BSON field '${field}' value must be >= 0, actual value '${value}'`)
  return value
}

/** The collection a command names in its first field. */
export function namespaceOf(request: Request): Namespace {
  const value = request.body.get(request.name)
  if (typeof value !== 'string')
    fail('InvalidNamespace', `collection name has invalid type ${typeName(value as Maybe)}`)
  const namespace = { db: request.db, name: value as string }
  checkName(namespace)
  return namespace
}

/** The collection a command names, which a write brings into being. */
export function collectionFor(request: Request): Collection {
  const namespace = namespaceOf(request)
  return request.engine.find(namespace) ?? request.engine.create(namespace)
}

export const int = (value: number): Int32 => new Int32(value)

import { Doc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { ServerError } from '../errors.ts'
import { int } from './request.ts'

export type WriteError = { readonly index: number; readonly error: ServerError }

/** An error of one write among several; anything but a refusal of the server's is not theirs to survive. */
export function writeErrors(index: number, error: unknown): WriteError[] {
  if (error instanceof ServerError) return [{ index, error }]
  throw error
}

export function errorFields(error: ServerError): Record<string, Maybe> {
  return Object.fromEntries(error.details) as Record<string, Maybe>
}

function asDoc({ index, error }: WriteError): Value {
  return Doc.of({ index: int(index), code: int(error.code), ...errorFields(error), errmsg: error.message })
}

/** The answer to a write of several parts. */
export function writeReply(fields: Record<string, Maybe>, errors: readonly WriteError[]): Doc {
  return Doc.of({ ...fields, writeErrors: errors.length ? errors.map(asDoc) : undefined })
}

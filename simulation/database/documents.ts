/** A document as the stores see it: plain, with Dates, never changed in place. */
export type Doc = Readonly<Record<string, unknown>>

/** Deny by default: what the stores do not use is not known here. */
export class NotModelledError extends Error {
  override name = 'NotModelledError'
}

export function valueAt(doc: unknown, path: string): unknown {
  if (!path.includes('.')) return (doc as Doc)[path]
  let at: unknown = doc
  for (const step of path.split('.')) {
    if (at === null || typeof at !== 'object') return undefined
    at = (at as Doc)[step]
  }
  return at
}

/** The document with one value changed; `undefined` takes the field out. What is not on the way is shared. */
export function withValue(doc: Doc, path: string, value: unknown): Doc {
  const dot = path.indexOf('.')
  const name = dot < 0 ? path : path.slice(0, dot)
  const inner = dot < 0 ? value : withValue((doc[name] ?? {}) as Doc, path.slice(dot + 1), value)
  if (inner !== undefined) return { ...doc, [name]: inner }
  const { [name]: _, ...rest } = doc
  return rest
}

/** -1, 0 or 1 for two values of one kind; null where they do not compare, as with MongoDB's type bracketing. */
export function compare(a: unknown, b: unknown): number | null {
  const left = a instanceof Date ? a.getTime() : a
  const right = b instanceof Date ? b.getTime() : b
  if (typeof left !== typeof right || a instanceof Date !== b instanceof Date) return null
  if (typeof left !== 'number' && typeof left !== 'string') return null
  return left < (right as typeof left) ? -1 : left > (right as typeof left) ? 1 : 0
}

export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === undefined || a === null) return b === undefined || b === null
  return compare(a, b) === 0
}

import { Doc, isDoc } from '../bson/doc.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import type { FilterContext } from '../query/condition.ts'
import { parseFilter } from '../query/filter.ts'
import { valueAtPath } from '../query/paths.ts'
import { shellText } from '../storage/shell-text.ts'

/** Tests of array elements, by the identifier that `$[identifier]` names. */
export type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>

/** The one identifier that all fields of an array filter begin with. */
function identifierOf(filter: Doc): string {
  let found: string | null = null
  const visit = (part: Doc): void => {
    for (const [key, value] of part.entries()) {
      if (key.startsWith('$')) {
        if (Array.isArray(value)) for (const inner of value) if (isDoc(inner)) visit(inner)
        continue
      }
      const name = key.split('.')[0] as string
      if (found !== null && found !== name)
        fail(
          'FailedToParse',
          `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${found}' and '${name}'`,
        )
      found = name
    }
  }
  visit(filter)
  return (
    found ?? fail('FailedToParse', 'Cannot use an expression without a top-level field name in arrayFilters')
  )
}

export function parseArrayFilters(filters: readonly Value[], context: FilterContext): ArrayFilters {
  const parsed = new Map<string, (element: Value) => boolean>()
  for (const filter of filters) {
    if (!isDoc(filter)) return fail('TypeMismatch', 'arrayFilters entries must be objects')
    const identifier = identifierOf(filter)
    if (!/^[a-z][a-zA-Z0-9]*$/.test(identifier))
      fail(
        'BadValue',
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${identifier}'`,
      )
    if (parsed.has(identifier))
      fail('FailedToParse', `Found multiple array filters with the same top-level field name ${identifier}`)
    const condition = parseFilter(filter, context)
    parsed.set(identifier, (element) => condition.matches(new Doc(new Map([[identifier, element]]))))
  }
  return parsed
}

const identifierIn = (part: string): string | null =>
  part.startsWith('$') ? (/^\$\[(.*)\]$/.exec(part)?.[1] ?? null) : null

/** Whether a path depends on the document that it is followed in. */
export const isPositional = (path: readonly string[]): boolean => path.some((part) => part.startsWith('$'))

/** The identifiers that paths name; every filter must be used, every one named must be given. */
export function checkIdentifiers(paths: readonly string[][], filters: ArrayFilters): void {
  if (filters.size === 0 && !paths.some(isPositional)) return
  const named = new Set(
    paths
      .flat()
      .map(identifierIn)
      .filter((name) => name !== null && name !== ''),
  )
  for (const path of paths)
    for (const part of path) {
      const name = identifierIn(part)
      if (name && !filters.has(name))
        fail('BadValue', `No array filter found for identifier '${name}' in path '${path.join('.')}'`)
    }
  for (const name of filters.keys())
    if (!named.has(name))
      fail('FailedToParse', `The array filter for identifier '${name}' was not used in the update`)
}

/** Paths without positional parts: `$` is where the filter matched, `$[]` and `$[id]` are each element. */
export function concretePaths(
  doc: Doc,
  path: readonly string[],
  filters: ArrayFilters,
  matched: number | null,
): string[][] {
  const at = path.findIndex((part) => part === '$' || identifierIn(part) !== null)
  if (at < 0) return [[...path]]
  const before = path.slice(0, at)
  const rest = path.slice(at + 1)
  if (path[at] === '$') {
    if (matched === null)
      fail('BadValue', 'The positional operator did not find the match needed from the query.')
    return concretePaths(doc, [...before, String(matched), ...rest], filters, matched)
  }
  const target = valueAtPath(doc, before)
  const name = before.join('.')
  if (target === undefined)
    return fail('BadValue', `The path '${name}' must exist in the document in order to apply array updates.`)
  if (!Array.isArray(target))
    return fail(
      'BadValue',
      `Cannot apply array updates to non-array element ${before.at(-1)}: ${shellText(target)}`,
    )
  const accepts = filters.get(identifierIn(path[at] as string) as string)
  return target.flatMap((element, i) =>
    accepts && !accepts(element) ? [] : concretePaths(doc, [...before, String(i), ...rest], filters, matched),
  )
}

import { type Doc, isDoc } from '../bson/doc.ts'
import { bsonUndefined, type Maybe, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { arrayIndex } from '../query/paths.ts'

export type IndexKeys = {
  /** One entry per key: the values of the index's fields. */
  readonly keys: Maybe[][]
  /** Whether an array was met on the way. */
  readonly multikey: boolean
}

type Step = { value: Maybe; rest: string[]; array: Value[] | null }

/** Follows a path until it ends or meets an array. */
function follow(from: Maybe, path: string[]): Step {
  let value = from
  let i = 0
  for (; i < path.length; i++) {
    if (!isDoc(value)) return { value: undefined, rest: [], array: null }
    value = value.get(path[i] as string)
    if (Array.isArray(value)) return { value, rest: path.slice(i + 1), array: value }
  }
  return { value, rest: [], array: null }
}

/** What one element of an array offers to the rest of a path. */
function step(
  element: Value,
  position: number,
  array: Value[],
  rest: string[],
): { from: Maybe; rest: string[] } {
  if (rest.length === 0) return { from: element, rest: [] }
  const index = arrayIndex(rest[0] as string)
  const named = index >= 0 && index < array.length && !(isDoc(element) && element.has(rest[0] as string))
  if (named) return { from: position === index ? element : array[index], rest: rest.slice(1) }
  return { from: element, rest }
}

function expand(values: Maybe[], paths: (string[] | null)[], into: Maybe[][]): boolean {
  const steps = paths.map((path, i) => (path === null ? null : follow(values[i], path)))
  const arrays = new Set(steps.map((found) => found?.array).filter((array) => array))
  if (arrays.size === 0) {
    into.push(steps.map((found, i) => (found === null ? values[i] : found.value)))
    return false
  }
  if (arrays.size > 1) fail('CannotIndexParallelArrays', 'cannot index parallel arrays')
  const array = [...arrays][0] as Value[]
  // An empty array is indexed as undefined where the path ends at it, else as missing.
  const elements: Maybe[] = array.length ? array : [undefined]
  elements.forEach((element, position) => {
    const nextValues: Maybe[] = []
    const nextPaths: (string[] | null)[] = []
    steps.forEach((found, i) => {
      if (found === null || found.array !== array) {
        nextValues.push(found === null ? values[i] : found.value)
        nextPaths.push(null)
      } else if (element === undefined) {
        nextValues.push(found.rest.length ? undefined : bsonUndefined)
        nextPaths.push(null)
      } else {
        const next = step(element, position, array, found.rest)
        nextValues.push(next.from)
        nextPaths.push(next.rest.length ? next.rest : null)
      }
    })
    expand(nextValues, nextPaths, into)
  })
  return true
}

/** The keys of a document under an index on these paths; arrays give a key for each element. */
export function indexKeys(doc: Doc, paths: readonly string[][]): IndexKeys {
  const keys: Maybe[][] = []
  const multikey = expand(
    paths.map(() => doc),
    paths.map((path) => path),
    keys,
  )
  return { keys, multikey }
}

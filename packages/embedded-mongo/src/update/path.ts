import { Doc, isDoc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { arrayIndex } from '../query/paths.ts'
import { shellText } from '../storage/shell-text.ts'

/** How far an array may grow by an update beyond its end. */
const paddingMax = 1_500_000

/** The place of one value in a document: a field of a document or an element of an array. */
export type Place = {
  read(): Maybe
  write(value: Value): void
  /** A field goes; an element becomes null, so that its neighbours keep their places. */
  remove(): void
  readonly inArray: boolean
}

function fieldPlace(doc: Doc, key: string): Place {
  return {
    inArray: false,
    read() {
      const value = doc.get(key)
      // From the parsed fields where what stands there may be changed in place.
      return isDoc(value) || Array.isArray(value) ? doc.map.get(key) : value
    },
    write: (value) => void doc.set(key, value),
    remove: () => void doc.delete(key),
  }
}

function elementPlace(values: Value[], index: number): Place {
  return {
    inArray: true,
    read: () => values[index],
    write(value) {
      if (index - values.length > paddingMax)
        fail('BadValue', `can't backfill more than ${paddingMax} elements`)
      while (values.length < index) values.push(null)
      values[index] = value
    },
    remove() {
      if (index < values.length) values[index] = null
    },
  }
}

function placeIn(container: Value, part: string): Place | null {
  if (isDoc(container)) return fieldPlace(container, part)
  if (!Array.isArray(container)) return null
  const index = arrayIndex(part)
  return index < 0 ? null : elementPlace(container, index)
}

function notViable(parent: Value, name: string, part: string): never {
  return fail('PathNotViable', `Cannot create field '${part}' in element {${name}: ${shellText(parent)}}`)
}

/**
 * The place a path leads to. Documents that are missing on the way are made as soon as the place is
 * written to; a way through a value that is neither document nor array throws PathNotViable.
 */
export function placeToWrite(root: Doc, path: readonly string[]): Place {
  let container: Value = root
  let name = ''
  for (let i = 0; i < path.length - 1; i++) {
    const part = path[i] as string
    const place = placeIn(container, part)
    if (!place) return notViable(container, name, part)
    const next = place.read()
    if (next === undefined) return missingFrom(place, path.slice(i + 1))
    container = next
    name = part
  }
  const part = path.at(-1) as string
  return placeIn(container, part) ?? notViable(container, name, part)
}

function missingFrom(place: Place, rest: readonly string[]): Place {
  return {
    inArray: false,
    read: () => undefined,
    remove: () => undefined,
    write: (value) =>
      place.write(rest.reduceRight<Value>((inner, part) => new Doc(new Map([[part, inner]])), value)),
  }
}

/** The place a path leads to if something is there, else null; never throws. */
export function placeIfPresent(root: Doc, path: readonly string[]): Place | null {
  let container: Value = root
  for (let i = 0; i < path.length; i++) {
    const place = placeIn(container, path[i] as string)
    const next = place?.read()
    if (!place || next === undefined) return null
    if (i === path.length - 1) return place
    container = next
  }
  return null
}

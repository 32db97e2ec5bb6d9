import { Doc, isDoc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'

/** What a projection says of a field: in, out, computed, a change of an array, or of fields below it. */
export type Leaf =
  | { kind: 'include' }
  | { kind: 'exclude' }
  | { kind: 'compute'; evaluate: (root: Doc) => Maybe }
  | { kind: 'slice' | 'element'; change: (values: Value[]) => Value[] | undefined }
  | { kind: 'positional' }
/** A tree of what is said, by the parts of the paths. */
export type Node = Leaf | { kind: 'tree'; children: Map<string, Node> }
export type Tree = Extract<Node, { kind: 'tree' }>

/** The kinds of the leaves by their whole paths. */
export function kindsIn(node: Node, path: string, into: Map<string, string>): void {
  if (node.kind === 'tree')
    for (const [key, child] of node.children) kindsIn(child, path ? `${path}.${key}` : key, into)
  else into.set(path, node.kind)
}

/** What an inclusion leaves of a value. */
export function included(value: Value, tree: Tree, root: Doc): Maybe {
  if (Array.isArray(value))
    return value.map((element) => included(element, tree, root)).filter((element) => element !== undefined)
  if (!isDoc(value)) return undefined
  const result = new Map<string, Value>()
  const id = tree.children.get('_id')
  for (const [key, inner] of value.entries()) {
    const node = tree.children.get(key)
    const kept = node && node !== id ? keep(inner, node, root) : node ? keep(inner, node, root) : undefined
    if (kept !== undefined) result.set(key, kept)
  }
  addComputed(result, tree, root)
  return new Doc(result)
}

function keep(value: Value, node: Node, root: Doc): Maybe {
  switch (node.kind) {
    case 'include':
    case 'positional':
      return value
    case 'tree':
      return hasOnlyComputed(node) && !isDoc(value) && !Array.isArray(value)
        ? undefined
        : included(value, node, root)
    case 'slice':
    case 'element':
      return Array.isArray(value) ? node.change(value) : value
    default:
      return undefined
  }
}

const hasOnlyComputed = (tree: Tree): boolean =>
  [...tree.children.values()].every(({ kind }) => kind === 'compute')

function addComputed(result: Map<string, Value>, tree: Tree, root: Doc): void {
  for (const [key, node] of tree.children) {
    if (node.kind === 'compute') {
      const value = node.evaluate(root)
      if (value !== undefined) result.set(key, value)
    } else if (node.kind === 'tree' && !result.has(key) && containsComputed(node)) {
      const inner = new Map<string, Value>()
      addComputed(inner, node, root)
      if (inner.size) result.set(key, new Doc(inner))
    }
  }
}

const containsComputed = (node: Node): boolean =>
  node.kind === 'compute' || (node.kind === 'tree' && [...node.children.values()].some(containsComputed))

/** What an exclusion leaves of a value. */
export function excluded(value: Value, tree: Tree): Value {
  if (Array.isArray(value)) return value.map((element) => excluded(element, tree))
  if (!isDoc(value)) return value
  const result = new Map<string, Value>()
  for (const [key, inner] of value.entries()) {
    const node = tree.children.get(key)
    if (!node || node.kind === 'include') result.set(key, inner)
    else if (node.kind === 'tree') result.set(key, excluded(inner, node))
    else if (node.kind === 'slice' || node.kind === 'element') {
      const changed = Array.isArray(inner) ? node.change(inner) : inner
      if (changed !== undefined) result.set(key, changed)
    }
  }
  return new Doc(result)
}

export function positionalPath(tree: Tree): string[] | null {
  const kinds = new Map<string, string>()
  kindsIn(tree, '', kinds)
  const found = [...kinds].filter(([, kind]) => kind === 'positional')
  if (found.length > 1) fail(31276, 'Cannot specify more than one positional projection per query.')
  return found[0] ? found[0][0].split('.') : null
}

/** Leaves of the array at a path only the element that the filter matched. */
export function onlyMatched(doc: Doc, path: readonly string[], index: number): Doc {
  const [part, ...rest] = path as [string, ...string[]]
  const value = doc.get(part)
  const copy = doc.copy()
  if (Array.isArray(value))
    copy.set(
      part,
      index < value.length
        ? [value[index] as Value]
        : fail(
            51247,
            'Executor error during find command :: caused by :: positional operator element mismatch',
          ),
    )
  else if (isDoc(value) && rest.length) copy.set(part, onlyMatched(value, rest, index))
  return copy
}

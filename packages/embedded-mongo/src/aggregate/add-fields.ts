import { Doc, isDoc } from '../bson/doc.ts'
import type { Maybe, Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { compileExpression, type Scope } from './expression.ts'

type Node = { kind: 'value'; evaluate: (root: Doc) => Maybe } | { kind: 'tree'; children: Map<string, Node> }
type Tree = Extract<Node, { kind: 'tree' }>

function place(tree: Tree, path: string, node: Node): void {
  const parts = path.split('.')
  if (path === '' || parts.includes('')) fail(40353, "FieldPath must not end with a '.'.")
  if (parts.some((part) => part.startsWith('$')))
    fail(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.")
  let at = tree
  for (const part of parts.slice(0, -1)) {
    const next = at.children.get(part) ?? { kind: 'tree', children: new Map() }
    if (next.kind !== 'tree')
      fail(
        40176,
        `Invalid $addFields :: caused by :: specification contains two conflicting paths at ${path}`,
      )
    at.children.set(part, next)
    at = next
  }
  const last = parts.at(-1) as string
  const known = at.children.get(last)
  if (known && !(known.kind === 'tree' && node.kind === 'tree'))
    fail(40176, `Invalid $addFields :: caused by :: specification contains two conflicting paths at ${path}`)
  if (!known) at.children.set(last, node)
}

function build(spec: Doc, prefix: string, tree: Tree, scope: Scope): void {
  for (const [key, value] of spec.entries()) {
    const path = prefix + key
    if (isDoc(value) && value.size && !value.firstKey()?.startsWith('$')) {
      place(tree, path, { kind: 'tree', children: new Map() })
      build(value, `${path}.`, tree, scope)
    } else place(tree, path, { kind: 'value', evaluate: compileExpression(value, scope) })
  }
}

/** Sets the fields of a tree in a value: in each document of an array, in a new document where none is. */
function added(value: Maybe, tree: Tree, root: Doc): Value {
  if (Array.isArray(value)) return value.map((element) => added(element, tree, root))
  const result = isDoc(value) ? value.copy() : Doc.of({})
  for (const [key, node] of tree.children) {
    if (node.kind === 'tree') result.set(key, added(result.get(key), node, root))
    else {
      const next = node.evaluate(root)
      if (next === undefined) result.delete(key)
      else result.set(key, next)
    }
  }
  return result
}

/** Compiles `$addFields` and its other name `$set`. */
export function compileAddFields(spec: Value, scope: Scope): (doc: Doc) => Doc {
  if (!isDoc(spec)) return fail(40272, '$addFields specification stage must be an object')
  if (spec.size === 0)
    fail(40177, 'Invalid $addFields :: caused by :: specification must have at least one field')
  const tree: Tree = { kind: 'tree', children: new Map() }
  build(spec, '', tree, scope)
  return (doc) => added(doc, tree, doc) as Doc
}

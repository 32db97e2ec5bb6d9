import { compileExpression } from '../aggregate/expression.ts'
import { Doc, isDoc } from '../bson/doc.ts'
import { isNumeric, toDouble } from '../bson/numeric.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import type { FilterContext, Matches } from './condition.ts'
import { parseFilter } from './filter.ts'
import type { MatchDetails } from './paths.ts'
import {
  excluded,
  included,
  kindsIn,
  type Leaf,
  type Node,
  onlyMatched,
  positionalPath,
  type Tree,
} from './projection-apply.ts'

export type Projection = (doc: Doc, matches?: Matches) => Doc

type Options = { context: FilterContext; isFind: boolean }

const isFlag = (value: Value): boolean => typeof value === 'boolean' || isNumeric(value)
const isOn = (value: Value): boolean => (typeof value === 'boolean' ? value : toDouble(value as number) !== 0)

function place(tree: Tree, path: string, node: Node): void {
  const parts = path.split('.')
  if (path === '' || parts.includes('')) fail(40353, "FieldPath must not end with a '.'.")
  const prefixed = parts.find((part) => part.startsWith('$'))
  if (prefixed)
    fail(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`)
  let at = tree
  for (const part of parts.slice(0, -1)) {
    const next = at.children.get(part)
    if (next && next.kind !== 'tree') fail(31249, `Path collision at ${path}`)
    const child: Tree = (next as Tree | undefined) ?? { kind: 'tree', children: new Map() }
    at.children.set(part, child)
    at = child
  }
  const last = parts.at(-1) as string
  if (at.children.has(last)) fail(31250, `Path collision at ${path}`)
  at.children.set(last, node)
}

function sliceOf(operand: Value): (values: Value[]) => Value[] {
  const numbers = (Array.isArray(operand) ? operand : [operand]).map((value) =>
    isNumeric(value)
      ? Math.trunc(toDouble(value))
      : fail(28667, '$slice only supports numbers and [skip, limit] arrays'),
  )
  if (Array.isArray(operand)) {
    const [skip = 0, limit = 0] = numbers
    if (operand.length !== 2) fail(28667, '$slice array must have two elements')
    if (limit <= 0) fail(28724, 'First argument to $slice must be positive')
    return (values) => {
      const start = skip < 0 ? Math.max(0, values.length + skip) : skip
      return values.slice(start, start + limit)
    }
  }
  const [count = 0] = numbers
  return (values) => (count < 0 ? values.slice(count) : values.slice(0, count))
}

function elementOf(operand: Value, context: FilterContext): (values: Value[]) => Value[] | undefined {
  if (!isDoc(operand)) return fail(31274, 'elemMatch: Invalid argument, object required')
  const filter = parseFilter(Doc.of({ v: Doc.of({ $elemMatch: operand }) }), context)
  return (values) => {
    const found = values.find((value) => filter.matches(Doc.of({ v: [value] })))
    return found === undefined ? undefined : [found]
  }
}

function arrayChange(value: Doc, context: FilterContext): Leaf | null {
  if (value.has('$slice') && value.size === 1 && isSliceOfFind(value.get('$slice') as Value))
    return { kind: 'slice', change: sliceOf(value.get('$slice') as Value) }
  if (value.has('$elemMatch'))
    return { kind: 'element', change: elementOf(value.get('$elemMatch') as Value, context) }
  return null
}

/** `$slice` of a projection has numbers only; of an expression an array comes first. */
const isSliceOfFind = (value: Value): boolean =>
  isNumeric(value) || (Array.isArray(value) && value.length === 2 && value.every(isNumeric))

function leafFor(path: string, value: Value, { context, isFind }: Options): Leaf | Doc {
  if (isFlag(value)) return isOn(value) ? { kind: 'include' } : { kind: 'exclude' }
  if (isDoc(value)) {
    if (value.size === 0)
      return fail(51270, `An empty sub-projection is not a valid value. Found empty object at path`)
    const change = isFind ? arrayChange(value, context) : null
    if (change) return change
    if (isFind && value.has('$meta'))
      return fail('BadValue', `query requires text score metadata, but it is not available`)
    if (!value.firstKey()?.startsWith('$')) return value
  }
  if (path === '') return fail(40353, 'empty projection path')
  return { kind: 'compute', evaluate: compileExpression(value, context.scope) }
}

function build(spec: Doc, prefix: string, tree: Tree, options: Options): void {
  for (const [key, value] of spec.entries()) {
    const path = prefix + key
    if (options.isFind && path.endsWith('.$') && isFlag(value)) {
      place(tree, path.slice(0, -2), { kind: 'positional' })
      continue
    }
    const node = leafFor(path, value, options)
    if (isDoc(node)) build(node, `${path}.`, tree, options)
    else place(tree, path, node)
  }
}

/** Whether only what is named stays, or only what is named goes. `_id` may differ from the rest. */
function modeOf(tree: Tree): 'include' | 'exclude' {
  const kinds = new Map<string, string>()
  kindsIn(tree, '', kinds)
  let mode: 'include' | 'exclude' | null = null
  for (const [path, kind] of kinds) {
    if (path === '_id' && kind !== 'compute') continue
    const wanted = kind === 'exclude' ? 'exclude' : kind === 'slice' ? null : 'include'
    if (wanted === null) continue
    if (mode !== null && mode !== wanted)
      fail(
        wanted === 'exclude' ? 31254 : 31253,
        `Cannot do ${wanted === 'exclude' ? 'exclusion' : 'inclusion'} on field ${path} in ${mode === 'exclude' ? 'exclusion' : 'inclusion'} projection`,
      )
    mode = wanted
  }
  // A $slice alone leaves the other fields; an _id alone is the whole projection.
  return mode ?? (kinds.get('_id') === 'include' ? 'include' : 'exclude')
}

/** Compiles the projection of a find or of a `$project` stage. */
export function parseProjection(spec: Doc, options: Options): Projection {
  const tree: Tree = { kind: 'tree', children: new Map() }
  build(spec, '', tree, options)
  const mode = modeOf(tree)
  const idNode = tree.children.get('_id')
  if (mode === 'include' && !idNode)
    tree.children = new Map<string, Node>([['_id', { kind: 'include' }], ...tree.children])
  if (mode === 'include' && idNode?.kind === 'exclude') tree.children.delete('_id')
  if (mode === 'exclude') {
    if (idNode?.kind === 'include') tree.children.delete('_id')
    return (doc) => excluded(doc, tree) as Doc
  }
  const positional = positionalPath(tree)
  return (doc, matches) => {
    let source = doc
    if (positional) {
      const details: MatchDetails = { index: null }
      matches?.(doc, details)
      if (details.index === null)
        fail(
          51246,
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
        )
      source = onlyMatched(doc, positional, details.index as number)
    }
    return included(source, tree, doc) as Doc
  }
}

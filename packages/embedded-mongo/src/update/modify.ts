import { type Doc, isDoc } from '../bson/doc.ts'
import { type Maybe, typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { arrayIndex } from '../query/paths.ts'
import { shellText } from '../storage/shell-text.ts'
import { type Operator, operatorFactories, type UpdateContext, unchanged } from './operators.ts'
import { placeIfPresent, placeToWrite } from './path.ts'
import { type ArrayFilters, checkIdentifiers, concretePaths, isPositional } from './positional.ts'

/** What an update does to one document, which it changes in place. */
export type Modifier = {
  apply(doc: Doc, given: { inserting: boolean; matched: number | null }): void
  /** Top-level fields it may touch. */
  readonly roots: ReadonlySet<string>
  readonly usesPosition: boolean
}

type Step = {
  path: string
  parts: string[]
  isPositional: boolean
  operator: Operator
  onInsertOnly: boolean
  renamed: string[] | null
}

function checkPath(path: string): string[] {
  if (path !== '' && !/[.$]/.test(path)) return [path]
  if (path === '') fail('EmptyFieldName', 'An empty update path is not valid.')
  const parts = path.split('.')
  if (parts.includes(''))
    fail('EmptyFieldName', `The update path '${path}' contains an empty field name, which is not allowed.`)
  const prefixed = parts.find((part) => part.startsWith('$') && part !== '$' && !/^\$\[.*\]$/.test(part))
  if (prefixed)
    fail(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${prefixed}' in '${path}' is not valid for storage.`,
    )
  if (parts[0] === '$' || parts[0]?.startsWith('$['))
    fail(
      'BadValue',
      `Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '${path}'`,
    )
  return parts
}

const rename = (path: string, to: Value): { from: string[]; to: string[] } => {
  if (typeof to !== 'string')
    return fail('BadValue', `The 'to' field for $rename must be a string: ${path}: ${shellText(to)}`)
  const [source, target] = [checkPath(path), checkPath(to)]
  if (source.some((part) => part.startsWith('$')))
    fail('BadValue', `The source field for $rename may not be dynamic: ${path}`)
  if (target.some((part) => part.startsWith('$')))
    fail('BadValue', `The destination field for $rename may not be dynamic: ${to}`)
  if (path === to) fail('BadValue', `The source and target field for $rename must differ: ${path}: "${to}"`)
  return { from: source, to: target }
}

const removal: Operator = { creates: false, apply: () => undefined }

function parseSteps(update: Doc, context: UpdateContext): Step[] {
  const steps: Step[] = []
  for (const [name, fields] of update.entries()) {
    const factory = Object.hasOwn(operatorFactories, name) ? operatorFactories[name] : undefined
    if (!factory && name !== '$rename')
      fail(
        'FailedToParse',
        `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
      )
    if (!isDoc(fields))
      return fail(
        'FailedToParse',
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${shellText(fields)}}`,
      )
    for (const [path, operand] of fields.entries()) {
      if (!factory) {
        const { from, to } = rename(path, operand)
        const move = { operator: removal, isPositional: false, onInsertOnly: false }
        steps.push({ ...move, path, parts: from, renamed: null })
        steps.push({ ...move, path: to.join('.'), parts: to, renamed: from })
        continue
      }
      const parts = checkPath(path)
      steps.push({
        path,
        parts,
        isPositional: isPositional(parts),
        operator: factory(operand, path, context),
        onInsertOnly: name === '$setOnInsert',
        renamed: null,
      })
    }
  }
  return steps
}

/** Names in the order in which the server applies and adds fields: numbers as numbers, else by text. */
function compareParts(a: string, b: string): number {
  const [x, y] = [arrayIndex(a), arrayIndex(b)]
  if (x >= 0 && y >= 0) return x - y
  return a < b ? -1 : a > b ? 1 : 0
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareParts(a[i] as string, b[i] as string)
    if (order !== 0) return order
  }
  return a.length - b.length
}

const isPrefix = (a: readonly string[], b: readonly string[]): boolean => a.every((part, i) => b[i] === part)

/** Expects the steps in order, where a prefix stands before what it is a prefix of. */
function checkConflicts(steps: readonly Step[]): void {
  for (let i = 1; i < steps.length; i++) {
    const [a, b] = [steps[i - 1] as Step, steps[i] as Step]
    if (isPrefix(a.parts, b.parts))
      fail(
        'ConflictingUpdateOperators',
        `Updating the path '${b.path}' would create a conflict at '${a.path}'`,
      )
  }
}

function applyAt(doc: Doc, step: Step, path: string[], id: Maybe): void {
  const target = { path: path.join('.'), id }
  const place = step.operator.creates ? placeToWrite(doc, path) : placeIfPresent(doc, path)
  if (!place) return
  const result = step.operator.apply(step.operator.isBlind ? undefined : place.read(), target)
  if (result === unchanged) return
  if (result === undefined) place.remove()
  else place.write(result as Value)
}

function moveField(doc: Doc, from: readonly string[], to: readonly string[]): void {
  for (const path of [from, to]) {
    for (let i = 1; i < path.length; i++) {
      const above = placeIfPresent(doc, path.slice(0, i))?.read()
      if (Array.isArray(above))
        fail(
          'BadValue',
          `The ${path === from ? 'source' : 'destination'} field cannot be an array element, '${path.join('.')}' in doc with _id: ${shellText(doc.get('_id'))} has an array field called '${path[i - 1]}'`,
        )
    }
  }
  const source = placeIfPresent(doc, from)
  const value = source?.read()
  if (!source || value === undefined) return
  source.remove()
  placeToWrite(doc, to).write(value)
}

/** Reads an update made of operators; throws what the server throws for one it refuses. */
export function parseModifier(update: Doc, filters: ArrayFilters, context: UpdateContext): Modifier {
  const steps = parseSteps(update, context).sort((a, b) => comparePaths(a.parts, b.parts))
  checkConflicts(steps)
  checkIdentifiers(
    steps.map(({ parts }) => parts),
    filters,
  )
  const sources = new Set(steps.filter(({ renamed }) => renamed).map(({ renamed }) => renamed?.join('.')))
  return {
    roots: new Set(steps.map(({ parts }) => parts[0] as string)),
    usesPosition: steps.some(({ parts }) => parts.includes('$')),
    apply(doc, { inserting, matched }) {
      const id = doc.get('_id')
      for (const step of steps) if (step.renamed) moveField(doc, step.renamed, step.parts)
      for (const step of steps) {
        if (step.renamed || (step.operator === removal && sources.has(step.path))) continue
        if (step.onInsertOnly && !inserting) continue
        const paths = step.isPositional ? concretePaths(doc, step.parts, filters, matched) : [step.parts]
        for (const path of paths) applyAt(doc, step, path, id)
      }
    },
  }
}

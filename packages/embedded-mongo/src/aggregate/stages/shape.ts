import { Doc, isDoc } from '../../bson/doc.ts'
import { typeName, type Value } from '../../bson/value.ts'
import { fail } from '../../errors.ts'
import type { FilterContext } from '../../query/condition.ts'
import { parseProjection } from '../../query/projection.ts'
import { compileAddFields } from '../add-fields.ts'
import { compileExpression } from '../expression.ts'
import type { StageFactory } from '../stage.ts'
import { mapped } from '../stream.ts'

type Shape = (spec: Value, context: FilterContext) => (doc: Doc) => Doc

const project: Shape = (spec, context) => {
  if (!isDoc(spec)) return fail(15969, '$project specification must be an object')
  if (spec.size === 0)
    fail(51272, 'Invalid $project :: caused by :: projection specification must have at least one field')
  return parseProjection(spec, { context, isFind: false })
}

const unset: Shape = (spec, context) => {
  const fields = Array.isArray(spec) ? spec : [spec]
  if (fields.length === 0)
    fail(31119, '$unset specification must be a string or an array with at least one field')
  const exclusion = new Map<string, Value>()
  for (const field of fields) {
    if (typeof field !== 'string')
      return fail(31120, '$unset specification must be a string or an array containing only string values')
    exclusion.set(field, false)
  }
  return parseProjection(new Doc(exclusion), { context, isFind: false })
}

const replaceWith: Shape = (spec, { scope }) => {
  const evaluate = compileExpression(spec, scope)
  return (doc) => {
    const root = evaluate(doc)
    return isDoc(root)
      ? root
      : fail(
          40228,
          `'newRoot' expression must evaluate to an object, but resulting value was: ${root === undefined ? 'MISSING' : String(root)}. Type of resulting value: '${typeName(root)}'.`,
        )
  }
}

const replaceRoot: Shape = (spec, context) => {
  if (!isDoc(spec))
    return fail(40229, `expected an object as specification for $replaceRoot stage, got ${typeName(spec)}`)
  const root = spec.get('newRoot')
  if (root === undefined || spec.size > 1)
    return fail(
      40230,
      root === undefined
        ? 'no newRoot specified for the $replaceRoot stage'
        : `unrecognized option to $replaceRoot stage`,
    )
  return replaceWith(root, context)
}

/** Stages that make one document of one, which are also those an update may be written in. */
export const shapes: Record<string, Shape> = {
  $project: project,
  $addFields: (spec, { scope }) => compileAddFields(spec, scope),
  $set: (spec, { scope }) => compileAddFields(spec, scope),
  $unset: unset,
  $replaceRoot: replaceRoot,
  $replaceWith: replaceWith,
}

export const shapeStages: Record<string, StageFactory> = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]): [string, StageFactory] => [
    name,
    (spec, context) => {
      const change = shape(spec, context)
      return (input) => mapped(input, change)
    },
  ]),
)

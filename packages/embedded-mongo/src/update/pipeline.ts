import { shapes } from '../aggregate/stages/shape.ts'
import { type Doc, isDoc } from '../bson/doc.ts'
import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import type { FilterContext } from '../query/condition.ts'

/** Compiles an update that is written as a pipeline. */
export function updatePipeline(stages: readonly Value[], context: FilterContext): (doc: Doc) => Doc {
  const steps = stages.map((stage) => {
    if (!isDoc(stage)) return fail('TypeMismatch', "Each element of the 'pipeline' array must be an object")
    if (stage.size !== 1) fail(40323, 'A pipeline stage specification object must contain exactly one field.')
    const name = stage.firstKey() as string
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
    if (shape) return shape(stage.get(name) as Value, context)
    const known = [
      '$match',
      '$group',
      '$sort',
      '$limit',
      '$lookup',
      '$out',
      '$merge',
      '$unwind',
      '$count',
      '$facet',
      '$sample',
      '$skip',
      '$unionWith',
    ]
    return known.includes(name)
      ? fail('InvalidOptions', `${name} is not allowed to be used within an update`)
      : fail(40324, `Unrecognized pipeline stage name: '${name}'`)
  })
  return (doc) => steps.reduce((current, step) => step(current), doc)
}

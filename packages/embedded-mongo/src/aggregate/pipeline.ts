import { isDoc } from '../bson/doc.ts'
import { typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import type { Pipeline, PipelineContext, StageFactory } from './stage.ts'
import { groupStages } from './stages/group.ts'
import { joinStages } from './stages/join.ts'
import { shapeStages } from './stages/shape.ts'
import { streamStages } from './stages/streams.ts'

const factories: Record<string, StageFactory> = {
  ...groupStages,
  ...joinStages,
  ...shapeStages,
  ...streamStages,
}

const onlyFirst = new Set([
  '$documents',
  '$collStats',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$currentOp',
])
const onlyLast = new Set(['$out', '$merge'])

/** Compiles a pipeline; throws the server's errors for what it does not know. */
export function compilePipeline(pipeline: readonly Value[], context: PipelineContext): Pipeline {
  if (pipeline.length > 1000) fail(7749501, 'Pipeline length must be no longer than 1000 stages')
  return pipeline.map((given, position) => {
    if (!isDoc(given))
      return fail(
        'TypeMismatch',
        `Each element of the 'pipeline' array must be an object, found ${typeName(given)}`,
      )
    if (given.size !== 1) fail(40323, 'A pipeline stage specification object must contain exactly one field.')
    const name = given.firstKey() as string
    const factory = Object.hasOwn(factories, name) ? factories[name] : undefined
    if (!factory) return fail(40324, `Unrecognized pipeline stage name: '${name}'`)
    if (onlyFirst.has(name) && position > 0)
      fail(40602, `${name} is only valid as the first stage in a pipeline`)
    if (onlyLast.has(name) && position < pipeline.length - 1)
      fail(40601, `${name} can only be the final stage in the pipeline`)
    const spec = given.get(name) as Value
    return { name, spec, run: factory(spec, context) }
  })
}

import type { Doc } from '../bson/doc.ts'
import type { Value } from '../bson/value.ts'
import type { FilterContext } from '../query/condition.ts'
import type { Namespace } from '../storage/collection.ts'
import type { DocSource } from './stream.ts'

/** What stages that look beyond their input may do; the commands give it to them. */
export type PipelineContext = FilterContext & {
  readonly namespace: Namespace
  /** Documents of another collection, through a pipeline of their own. */
  readonly read: (namespace: Namespace, pipeline: readonly Value[], context: PipelineContext) => DocSource
  /** Documents of a collection under a filter, by its indexes. */
  readonly lookUp: (namespace: Namespace, filter: Doc, context: PipelineContext) => DocSource
  readonly write: (kind: '$out' | '$merge', spec: Value, input: DocSource, context: PipelineContext) => void
  /** Documents about the server rather than of a collection. */
  readonly describe: (stage: string, spec: Value, context: PipelineContext) => Doc[] | null
  readonly compile: (pipeline: readonly Value[], context: PipelineContext) => Pipeline
}

export type Stage = {
  readonly name: string
  readonly spec: Value
  readonly run: (input: DocSource) => DocSource
}

export type Pipeline = readonly Stage[]

export type StageFactory = (spec: Value, context: PipelineContext) => (input: DocSource) => DocSource

export function runStages(stages: Pipeline, input: DocSource): DocSource {
  return stages.reduce((source, stage) => stage.run(source), input)
}

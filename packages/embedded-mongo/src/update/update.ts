import { Doc, isDoc } from '../bson/doc.ts'
import { type Maybe, typeName, type Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { parseModifier } from './modify.ts'
import type { UpdateContext } from './operators.ts'
import { updatePipeline } from './pipeline.ts'
import { parseArrayFilters } from './positional.ts'

export type Update = {
  readonly kind: 'operators' | 'replacement' | 'pipeline'
  /**
   * What becomes of a document. It may be changed in place and is then returned.
   * @param matched  where in an array the filter matched
   */
  apply(doc: Doc, given: { inserting: boolean; matched: number | null }): Doc
  /** Top-level fields it may change; null if any. */
  readonly roots: ReadonlySet<string> | null
  readonly usesPosition: boolean
}

/** A document that brings no `_id` of its own keeps the one of what it replaces, in first place. */
function keepingId(next: Doc, id: Maybe): Doc {
  return id === undefined || next.has('_id') ? next : new Doc(new Map([['_id', id], ...next.entries()]))
}

function replacement(update: Doc): Update {
  const bad = update.keys().find((key) => key.startsWith('$'))
  if (bad)
    fail(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${bad}' in '${bad}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    )
  return {
    kind: 'replacement',
    roots: null,
    usesPosition: false,
    apply: (doc) => keepingId(update.copy(), doc.get('_id')),
  }
}

/** Reads an update in any of its three forms. */
export function parseUpdate(
  update: Value,
  arrayFilters: readonly Value[] | null,
  context: UpdateContext,
): Update {
  if (Array.isArray(update)) {
    if (arrayFilters) fail('FailedToParse', 'arrayFilters may not be specified for pipeline-syle updates')
    const change = updatePipeline(update, context)
    return {
      kind: 'pipeline',
      roots: null,
      usesPosition: false,
      apply: (doc) => keepingId(change(doc), doc.get('_id')),
    }
  }
  if (!isDoc(update))
    return fail(
      'FailedToParse',
      `Update argument must be either an object or an array, found ${typeName(update)}`,
    )
  if (!update.firstKey()?.startsWith('$')) {
    if (arrayFilters) fail('FailedToParse', 'arrayFilters may not be specified for replacement-style updates')
    return replacement(update)
  }
  const modifier = parseModifier(update, parseArrayFilters(arrayFilters ?? [], context), context)
  return {
    kind: 'operators',
    roots: modifier.roots,
    usesPosition: modifier.usesPosition,
    apply(doc, given) {
      modifier.apply(doc, given)
      return doc
    },
  }
}

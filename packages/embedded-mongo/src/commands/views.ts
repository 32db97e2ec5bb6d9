import type { Value } from '../bson/value.ts'
import { fail } from '../errors.ts'
import { type Collection, fullName, type Namespace } from '../storage/collection.ts'
import type { Engine } from '../storage/engine.ts'

const depthMax = 20

export function isView(collection: Collection | undefined): boolean {
  return typeof collection?.options.get('viewOn') === 'string'
}

/** The collection below a view, and the view's pipeline before the one given. */
export function resolveView(
  engine: Engine,
  from: Namespace,
  given: readonly Value[],
): { namespace: Namespace; pipeline: readonly Value[] } {
  let [namespace, pipeline] = [from, given]
  for (let depth = 0; depth < depthMax; depth++) {
    const options = engine.find(namespace)?.options
    const on = options?.get('viewOn')
    if (typeof on !== 'string') return { namespace, pipeline }
    const own = options?.get('pipeline')
    pipeline = [...(Array.isArray(own) ? own : []), ...pipeline]
    namespace = { db: namespace.db, name: on }
  }
  return fail('ViewDepthLimitExceeded', `View depth too deep or a cycle: ${fullName(from)}`)
}

/** Refuses a write to a view. */
export function refuseView(collection: Collection | undefined): void {
  if (collection && isView(collection))
    fail(
      'CommandNotSupportedOnView',
      `Namespace ${fullName(collection.namespace)} is a view, not a collection`,
    )
}

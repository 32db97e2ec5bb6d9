import { hostname } from 'node:os'
import { Doc, isDoc } from '../bson/doc.ts'
import { fail } from '../errors.ts'
import { fullName, type Namespace } from '../storage/collection.ts'
import type { Request } from './request.ts'
import { collectionSizes } from './stats.ts'

/** Documents of the stages that tell about the server; null for one that is not known. */
export function describe(request: Request, stage: string, namespace: Namespace): Doc[] | null {
  switch (stage) {
    case '$collStats':
      return collStats(request, namespace)
    case '$indexStats':
      return (request.engine.find(namespace)?.indexes ?? []).map((index) =>
        Doc.of({
          name: index.name,
          key: index.spec.get('key'),
          host: hostname(),
          accesses: Doc.of({ ops: 0n, since: new Date(request.startedAtMs) }),
          spec: index.spec,
        }),
      )
    case '$listLocalSessions':
    case '$listSessions': {
      const lsid = request.body.get('lsid')
      return [Doc.of({ _id: isDoc(lsid) ? lsid : Doc.of({}), lastUse: new Date() })]
    }
    case '$currentOp':
      return [Doc.of({ host: hostname(), type: 'op', active: true, op: 'command', ns: fullName(namespace) })]
    default:
      return null
  }
}

function collStats(request: Request, namespace: Namespace): Doc[] {
  const collection = request.engine.find(namespace)
  if (!collection)
    return fail(
      'NamespaceNotFound',
      `Unable to retrieve storageStats in $collStats stage :: caused by :: Collection [${fullName(namespace)}] not found.`,
    )
  const { count, sizes } = collectionSizes(collection)
  return [
    Doc.of({
      ns: fullName(namespace),
      host: hostname(),
      localTime: new Date(),
      count,
      storageStats: Doc.of(sizes),
    }),
  ]
}

import type { Index } from '../storage/index.ts'
import { after, encodeKey } from '../storage/key-encoding.ts'
import { boundsOf, intersect, type PathBounds, renderInterval } from './bounds.ts'
import type { Condition } from './condition.ts'

export type PathCondition = Extract<Condition, { kind: 'path' }>

/** Keys from (inclusive) and to (exclusive); in order, not overlapping. */
export type Range = { readonly from: Buffer; readonly to: Buffer }

type Bound = { bounds: PathBounds; used: PathCondition[]; complete: boolean }

/** The best bounds that the conditions on one path give together. */
function combine(conditions: PathCondition[], index: Index): Bound | null {
  let best: Bound | null = null
  for (const condition of conditions) {
    const bounds = boundsOf(condition)
    if (!bounds || (condition.op === '$exists' && condition.value === false && index.sparse)) continue
    if (best === null) best = { bounds, used: [condition], complete: bounds.exact }
    else if (bounds.kind === 'points' && best.bounds.kind === 'interval')
      best = { bounds, used: [condition], complete: bounds.exact }
    else if (bounds.kind === 'interval' && best.bounds.kind === 'interval' && !index.multikey) {
      const interval = intersect(best.bounds.interval, bounds.interval)
      const exact: boolean = best.bounds.exact && bounds.exact
      best = {
        bounds: { kind: 'interval', interval, exact },
        used: [...best.used, condition],
        complete: exact,
      }
    }
  }
  return best
}

const pointsMax = 20_000

/** How far conditions bound an index: its ranges, and how they came about. */
export type Walk = {
  ranges: Range[]
  equalities: number
  fixed: number
  bounded: number
  used: Set<Condition>
  full: boolean
}

/** Goes through the index's fields as far as the conditions bound them. */
export function walk(index: Index, byPath: Map<string, PathCondition[]>): Walk {
  let prefixes: Buffer[] = [Buffer.alloc(0)]
  const result: Walk = { ranges: [], equalities: 0, fixed: 0, bounded: 0, used: new Set(), full: false }
  const roots = new Set<string>()
  for (const { path, descending } of index.parts) {
    const root = path.split('.')[0] as string
    if (index.multikey && roots.has(root)) break
    roots.add(root)
    const found = combine(byPath.get(path) ?? [], index)
    if (!found) break
    if (found.complete) for (const condition of found.used) result.used.add(condition)
    result.bounded++
    if (found.bounds.kind === 'interval') {
      const { from, to } = renderInterval(found.bounds.interval, descending)
      result.ranges = prefixes.map((prefix) => ({
        from: Buffer.concat([prefix, from]),
        to: Buffer.concat([prefix, to]),
      }))
      return finish(result)
    }
    const keys = found.bounds.points.map((point) => encodeKey([point], [descending]))
    if (keys.length * prefixes.length > pointsMax) break
    prefixes = prefixes.flatMap((prefix) => keys.map((key) => Buffer.concat([prefix, key])))
    result.equalities++
    if (prefixes.length === 1) result.fixed++
  }
  result.full = result.equalities === index.parts.length
  result.ranges =
    result.bounded === 0
      ? [{ from: Buffer.alloc(0), to: Buffer.from([0xff]) }]
      : prefixes.map((prefix) => ({ from: prefix, to: after(prefix) }))
  return finish(result)
}

function finish(result: Walk): Walk {
  const sorted = result.ranges.filter(({ from, to }) => Buffer.compare(from, to) < 0)
  if (sorted.length > 1) sorted.sort((a, b) => Buffer.compare(a.from, b.from))
  result.ranges = sorted.filter((range, i) => i === 0 || !range.from.equals((sorted[i - 1] as Range).from))
  return result
}

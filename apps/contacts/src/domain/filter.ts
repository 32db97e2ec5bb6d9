/** A question about contacts: tags, lists, fields, opt-out and DNC, each `is` or, by `none`, `is not`. */
export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly none: readonly Filter[] }
  | { readonly tag: string }
  | { readonly list: string }
  | { readonly field: { readonly name: string; readonly is: string } }
  /** Any of the person's numbers is opted out. */
  | { readonly optOut: boolean }
  | { readonly dnc: boolean }

/** A filter whose lists are all static: dynamic ones stand as their own filters. */
export type PlainFilter = Filter

/** Why a filter cannot be asked. */
export type FilterRefusal = 'unknown-list' | 'list-cycle' | 'filter-too-large'

export const filterDepthMax = 8
export const filterPartsMax = 200

/** A list: static where it has no filter. */
export interface NamedList {
  readonly filter: Filter | null
}

/**
 * Puts in place of each dynamic list its filter, however deep. Refuses a list that is not there, lists that include
 * each other, and what grows beyond 200 parts.
 */
export function expandLists(
  filter: Filter,
  lists: ReadonlyMap<string, NamedList>,
  within: readonly string[] = [],
): PlainFilter | FilterRefusal {
  const expanded = expand(filter, lists, within)
  return typeof expanded !== 'string' && partsOf(expanded) > filterPartsMax ? 'filter-too-large' : expanded
}

function expand(
  filter: Filter,
  lists: ReadonlyMap<string, NamedList>,
  within: readonly string[],
): PlainFilter | FilterRefusal {
  if (within.length > filterDepthMax) return 'filter-too-large'
  if ('list' in filter) return expandList(filter.list, lists, within)
  if ('all' in filter) return group(filter.all, lists, within, (all) => ({ all }))
  if ('any' in filter) return group(filter.any, lists, within, (any) => ({ any }))
  if ('none' in filter) return group(filter.none, lists, within, (none) => ({ none }))
  return filter
}

function expandList(
  id: string,
  lists: ReadonlyMap<string, NamedList>,
  within: readonly string[],
): PlainFilter | FilterRefusal {
  if (within.includes(id)) return 'list-cycle'
  const list = lists.get(id)
  if (!list) return 'unknown-list'
  return list.filter === null ? { list: id } : expand(list.filter, lists, [...within, id])
}

function group(
  filters: readonly Filter[],
  lists: ReadonlyMap<string, NamedList>,
  within: readonly string[],
  made: (parts: PlainFilter[]) => PlainFilter,
): PlainFilter | FilterRefusal {
  const parts: PlainFilter[] = []
  for (const filter of filters) {
    const part = expand(filter, lists, within)
    if (typeof part === 'string') return part
    parts.push(part)
  }
  return made(parts)
}

function partsOf(filter: Filter): number {
  return partsIn(filter).reduce((sum, part) => sum + partsOf(part), 1)
}

/** Every list that a filter names, dynamic or static, one level deep. */
export function listsIn(filter: Filter): string[] {
  if ('list' in filter) return [filter.list]
  return partsIn(filter).flatMap(listsIn)
}

function partsIn(filter: Filter): readonly Filter[] {
  if ('all' in filter) return filter.all
  if ('any' in filter) return filter.any
  return 'none' in filter ? filter.none : []
}

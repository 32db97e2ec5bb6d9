/** What happened, and its place among what happened in the same instant. */
export interface Happening {
  readonly at: string
  readonly id: string
}

/** How the newest come first: by time, then by id. */
export function newestFirst(x: Happening, y: Happening): number {
  if (x.at !== y.at) return x.at < y.at ? 1 : -1
  if (x.id === y.id) return 0
  return x.id < y.id ? 1 : -1
}

export const isBefore = (one: Happening, place: Happening | null) =>
  place === null || newestFirst(one, place) > 0

/**
 * One page of several histories, each the newest first and cut at `limit`: nothing is left out between one page
 * and the next, for no page reaches past what any cut history has told.
 */
export function mergeTimeline<Item extends Happening>(
  histories: readonly (readonly Item[])[],
  limit: number,
): { items: Item[]; next: Happening | null } {
  const all = histories.flat().sort(newestFirst)
  const items = all.slice(0, limit)
  const last = items.at(-1)
  const mayBeMore = all.length > limit || histories.some((history) => history.length >= limit)
  return { items, next: last && mayBeMore ? { at: last.at, id: last.id } : null }
}

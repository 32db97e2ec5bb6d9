import { expect, test } from 'vitest'
import { type Happening, isBefore, mergeTimeline, newestFirst } from './merge-timeline.ts'

const at = (second: number, id: string): Happening => ({ at: `2026-01-01T00:00:0${second}.000Z`, id })

/** Reads all pages as a caller does, each history cut at the limit. */
function readAll(histories: readonly Happening[][], limit: number): Happening[] {
  const read: Happening[] = []
  let place: Happening | null = null
  do {
    const before: Happening | null = place
    const cut: Happening[][] = histories.map((history) =>
      history
        .filter((one) => isBefore(one, before))
        .sort(newestFirst)
        .slice(0, limit),
    )
    const page: ReturnType<typeof mergeTimeline> = mergeTimeline(cut, limit)
    read.push(...page.items)
    place = page.next
  } while (place)
  return read
}

test('pages of several histories hold everything once, the newest first, whatever shares an instant', () => {
  const histories = [
    [at(1, 'a'), at(2, 'b'), at(2, 'c'), at(5, 'd')],
    [at(2, 'a'), at(2, 'd'), at(4, 'a')],
    [],
    [at(5, 'a')],
  ]
  const expected = histories.flat().sort(newestFirst)
  for (const limit of [1, 2, 3, 8, 100]) expect(readAll(histories, limit)).toEqual(expected)
})

test('a history that ends just at the limit asks for one more page, which is empty', () => {
  const { items, next } = mergeTimeline([[at(2, 'b'), at(1, 'a')]], 2)
  expect(items).toHaveLength(2)
  expect(next).toEqual(at(1, 'a'))
  expect(mergeTimeline([[]], 2)).toEqual({ items: [], next: null })
})

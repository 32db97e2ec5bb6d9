import { expect, test } from 'vitest'
import { batcher } from './batcher.ts'
import { systemTimers as timers } from './timers.ts'

test('what comes while a batch runs goes together in the next', async () => {
  const sizes: number[] = []
  const gate = Promise.withResolvers<void>()
  const doubles = batcher<number, number>({
    timers,
    itemsMax: 100,
    batchesMax: 1,
    run: async (items) => {
      sizes.push(items.length)
      if (sizes.length === 1) await gate.promise
      return items.map((item) => item * 2)
    },
  })
  const first = doubles.add(1)
  while (sizes.length === 0) await new Promise(setImmediate)
  const others = [2, 3, 4].map((item) => doubles.add(item))
  gate.resolve()
  expect(await Promise.all([first, ...others])).toEqual([2, 4, 6, 8])
  expect(sizes).toEqual([1, 3])
})

test('a batch that fails fails its own items alone', async () => {
  const picky = batcher<number, number>({
    timers,
    itemsMax: 1,
    batchesMax: 2,
    run: async ([item]) => {
      if (item === 2) throw new Error('two')
      return [item ?? 0]
    },
  })
  const results = await Promise.allSettled([1, 2, 3].map((item) => picky.add(item)))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

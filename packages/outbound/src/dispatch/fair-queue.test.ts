import { expect, test } from 'vitest'
import { fairQueue } from './fair-queue.ts'

const take = <Item>(queue: { take(): Item | undefined }, count: number) =>
  Array.from({ length: count }, () => queue.take())

test('accounts take turns, each in its own order', () => {
  const queue = fairQueue<string>((item) => item.slice(0, 1))
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.push(item)
  expect(take(queue, 7)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3', undefined])
})

test('a text behind a million of another account is the second to go', () => {
  const queue = fairQueue<{ key: string }>(({ key }) => key)
  for (let index = 0; index < 100_000; index++) queue.push({ key: 'large' })
  queue.push({ key: 'small' })
  expect(take(queue, 2).map((item) => item?.key)).toEqual(['large', 'small'])
  expect(queue.size).toBe(99_999)
})

test('nothing is lost on the way', () => {
  const queue = fairQueue<number>((item) => String(item % 7))
  for (let item = 0; item < 5_000; item++) queue.push(item)
  const taken = take(queue, 3_000)
  expect(new Set([...taken, ...queue.drain()]).size).toBe(5_000)
  expect([queue.size, queue.take()]).toEqual([0, undefined])
})

import { expect, test } from 'vitest'
import type { AccountState } from './safe-read.ts'
import { sharedReads } from './shared-reads.ts'

type Answer = ReadonlyMap<string, AccountState>
const asking = (...accounts: string[]) => new Map(accounts.map((a) => [a, new Set(['+15550001111'])]))

/** Reads that end when the test says so, and a timer that fires when the test says so. */
function openDesk() {
  const reads: { accounts: string[]; end: (answer?: Answer) => void; fail: () => void }[] = []
  const timers: (() => void)[] = []
  const read = sharedReads({
    read: (wanted) => {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      reads.push({
        accounts: [...wanted.keys()],
        end: (answer = new Map()) => resolve(answer),
        fail: () => reject(new Error('away')),
      })
      return promise
    },
    after: (_ms, run) => timers.push(run),
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return { read, reads, timers, settle }
}

test('a request never joins a read that is under way: those that arrive meanwhile share the next one', async () => {
  const desk = openDesk()
  const first = desk.read(asking('a'))
  const later = [desk.read(asking('b')), desk.read(asking('c'))]
  expect(desk.reads.map(({ accounts }) => accounts)).toEqual([['a']])
  desk.reads[0]?.end()
  await first
  await desk.settle()
  expect(desk.reads.map(({ accounts }) => accounts)).toEqual([['a'], ['b', 'c']])
  desk.reads[1]?.end()
  await Promise.all(later)
})

test('a stalled read does not hold the next one, and at most four are under way', async () => {
  const desk = openDesk()
  for (let i = 0; i < 6; i++) {
    void desk.read(asking(`a${i}`))
    desk.timers.at(-1)?.()
  }
  expect(desk.reads).toHaveLength(4)
  desk.reads[2]?.end()
  await desk.settle()
  expect(desk.reads[4]?.accounts).toEqual(['a4', 'a5'])
})

test('a read that fails fails those that shared it and nobody else', async () => {
  const desk = openDesk()
  const first = desk.read(asking('a'))
  const second = desk.read(asking('b'))
  desk.reads[0]?.fail()
  await expect(first).rejects.toThrow('away')
  await desk.settle()
  desk.reads[1]?.end()
  expect(await second).toEqual(new Map())
})

test('a read asks about at most 200 accounts', async () => {
  const desk = openDesk()
  void desk.read(asking('first'))
  for (let i = 0; i < 201; i++) void desk.read(asking(`a${i}`))
  desk.reads[0]?.end()
  await desk.settle()
  desk.reads[1]?.end()
  await desk.settle()
  expect(desk.reads.map(({ accounts }) => accounts.length)).toEqual([1, 200, 1])
})

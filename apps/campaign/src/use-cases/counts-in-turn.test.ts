import { expect, test } from 'vitest'
import { type Counted, countsInTurn } from './counts-in-turn.ts'

function counter(recipients: number) {
  let now = 0
  let times = 0
  const counts = countsInTurn(() => now)
  const count = async (): Promise<Counted> => {
    times++
    return {
      recipients,
      counts: { waiting: recipients, sent: 0, suppressed: 0, failed: 0, unknown: 0 },
      optOuts: times,
    }
  }
  return {
    ask: async (version = 'running') => (await counts('bc_1', version, count)).optOuts,
    advance: (ms: number) => {
      now += ms
    },
  }
}

test('a small broadcast is counted for everyone who asks', async () => {
  const { ask } = counter(49_999)
  expect([await ask(), await ask()]).toEqual([1, 2])
})

test('a million rows are counted once in two seconds, however many ask', async () => {
  const { ask, advance } = counter(1_000_000)
  const first = [await ask(), await ask()]
  advance(1_999)
  expect([...first, await ask()]).toEqual([1, 1, 1])
  advance(1)
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([2, 2, 2])
})

test('a count that fails is told to who asked for it, and the next asker counts anew', async () => {
  const counts = countsInTurn(() => 0)
  const large: Counted = {
    recipients: 1_000_000,
    counts: { waiting: 1_000_000, sent: 0, suppressed: 0, failed: 0, unknown: 0 },
    optOuts: 0,
  }
  await counts('bc_1', 'running', async () => large)
  const failing = counts('bc_1', 'finished', () => Promise.reject(new Error('away')))
  await expect(failing).rejects.toThrow('away')
  expect(await counts('bc_1', 'finished', async () => large)).toBe(large)
})

test('a large broadcast that has changed its state or its people is counted anew', async () => {
  const { ask } = counter(1_000_000)
  expect([await ask('running'), await ask('finished'), await ask('finished')]).toEqual([1, 2, 2])
})

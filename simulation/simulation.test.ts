import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { judge } from './checker/judge.ts'
import { allMutants } from './mutants/all-mutants.ts'
import { patchProblem } from './mutants/patched-copy.ts'
import { tryMutants } from './mutants/try-mutants.ts'
import { runSeed } from './scenario/run-seed.ts'
import { simulateInWorkers } from './seed-workers.ts'

async function historyOf(seed: number): Promise<string> {
  const { history, world } = await runSeed(seed)
  const text = JSON.stringify([history, world.agenda.count], (_key, value) =>
    value instanceof Set ? [...value] : value,
  )
  return createHash('sha256').update(text).digest('hex')
}

test('the same seed gives the same history, whatever was played before it', async () => {
  const first = [await historyOf(7), await historyOf(8)]
  const again = [await historyOf(8), await historyOf(7)].reverse()
  expect(again).toEqual(first)
  expect(first[0]).not.toBe(first[1])
})

test('E1 to E12 hold in every seed', { timeout: 300_000 }, async () => {
  const totals = await simulateInWorkers({ from: 1, count: 200, workers: 2 })
  expect(totals).toMatchObject({ seeds: 200, violations: 0 })
  expect(totals.worstStalenessMs).toBeLessThanOrEqual(550)
})

test('a run is judged by what happened in it: texts left, texts were held, opt-outs bound', async () => {
  const judgement = judge(await runSeed(3))
  expect(judgement.sends).toBeGreaterThan(20)
  expect(judgement.holds).toBeGreaterThan(20)
})

test('broken variants are caught', { timeout: 120_000 }, async () => {
  const trials = await tryMutants(['gate-without-expiry', 'recent-not-overlaid', 'drift-25'])
  expect(trials.map(({ mutant, caught }) => [mutant.id, caught !== null])).toEqual([
    ['gate-without-expiry', true],
    ['recent-not-overlaid', true],
    ['drift-25', true],
  ])
})

test('the patch of every broken variant fits the code', () => {
  expect(allMutants.flatMap((mutant) => patchProblem(mutant) ?? [])).toEqual([])
  expect(new Set(allMutants.map(({ id }) => id)).size).toBe(allMutants.length)
})

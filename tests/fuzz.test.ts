import { expect, test } from 'vitest'
import { runFuzz } from '../fuzz/run.ts'

test('two thousand malformed bodies at the webhooks crash nothing, write nothing, and leave no number in a log (D1, D3)', async () => {
  const { violations, statuses } = await runFuzz({ bodies: 2_000, seed: 7, say: () => {} })
  expect(violations).toEqual([])
  expect(statuses[403]).toBeGreaterThan(1_000)
}, 120_000)

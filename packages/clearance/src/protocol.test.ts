import { expect, test } from 'vitest'
import { boundMs, clocksApartMs, driftMax, leaseMs, marginMs } from './protocol.ts'

test('lease, margin, drift and suspension unseen stay within the bound', () => {
  expect((leaseMs - marginMs) / (1 - driftMax) + clocksApartMs).toBeLessThanOrEqual(boundMs)
})

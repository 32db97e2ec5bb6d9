import { expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { clockSource } from './clock-source.ts'
import { clocksApartMs } from './protocol.ts'

test('the clocks of the system advance together', () => {
  const clock = systemClock()
  const skew = clock.wallMs() - clock.monoMs()
  const from = clock.monoMs()
  while (clock.monoMs() - from < 5);
  expect(Math.abs(clock.wallMs() - clock.monoMs() - skew)).toBeLessThan(clocksApartMs)
})

test('the clock source is a name, or null where the system does not tell', async () => {
  expect(await clockSource()).toSatisfy((source) => source === null || /^\S+$/.test(String(source)))
  expect(await clockSource('/nowhere')).toBeNull()
})

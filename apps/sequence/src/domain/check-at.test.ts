import { expect, test } from 'vitest'
import { checkWaiting } from './check-at.ts'

const now = new Date(1_700_000_000_000)
const afterMs = (lateMs: number) =>
  checkWaiting(new Date(now.getTime() - lateMs), now).getTime() - now.getTime()

test('a waiting text is looked at just after it is due, then ever less often, but at least every ten minutes', () => {
  expect(afterMs(-60_000)).toBe(62_000)
  expect(afterMs(0)).toBe(2_000)
  expect(afterMs(30_000)).toBe(15_000)
  expect(afterMs(86_400_000)).toBe(600_000)
})

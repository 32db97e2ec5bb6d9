import { expect, test } from 'vitest'
import { type Forecast, whatIf } from './what-if.ts'

const one = (reasons: string[], heldBy: string | null = null): Forecast => ({ segments: 2, reasons, heldBy })

test('what is sent, held and suppressed sums to the recipients, and each reason counts for itself', () => {
  const forecasts = [
    one([]),
    one([], 'send-window'),
    one(['opt-out', 'do-not-contact'], 'send-window'),
    one(['opt-out']),
  ]
  expect(whatIf(forecasts)).toEqual({
    recipients: 4,
    send: 1,
    held: 1,
    suppressed: 2,
    reasons: [
      { reason: 'opt-out', recipients: 2 },
      { reason: 'do-not-contact', recipients: 1 },
      { reason: 'send-window', recipients: 1 },
    ],
    segments: 4,
  })
})

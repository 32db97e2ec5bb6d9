import type { TextReason } from '@heed/outbound'
import { describe, expect, test } from 'vitest'
import { type MoveInput, nextMove, type StepText } from './next-move.ts'

const at = (ms: number) => new Date(1_700_000_000_000 + ms)
const optOut: TextReason[] = [{ reason: 'opt-out', list: 'own', since: at(0).toISOString(), rev: 3 }]
const text = (state: StepText['state'], more: Partial<StepText> = {}): StepText => ({
  state,
  reasons: [],
  writtenAt: null,
  settledAt: null,
  delivery: null,
  ...more,
})
const move = (
  given: { text: StepText | null; step?: number } & Partial<MoveInput['enrolment']>,
  sequence: Partial<MoveInput['sequence']> = {},
) => {
  const { text: stepText, ...enrolment } = given
  return nextMove({
    enrolment: { state: 'active', step: 0, dueAt: at(0), blockedBy: null, ...enrolment },
    sequence: {
      state: 'running',
      cancelledAt: null,
      steps: [{ delayMs: 0 }, { delayMs: 5_000 }],
      ...sequence,
    },
    text: stepText,
  })
}
const cancelled = { state: 'cancelled', cancelledAt: at(9) } as const
const cancelReasons = [{ reason: 'cancelled', since: at(9).toISOString() }]

describe('a step without a text', () => {
  test('gets one', () => expect(move({ text: null })).toEqual({ move: 'make-text', suppressed: null }))
  test('gets one that has ended, where the number was blocked', () =>
    expect(move({ text: null, blockedBy: optOut })).toEqual({ move: 'make-text', suppressed: optOut }))
  test('gets none in a cancelled sequence', () =>
    expect(move({ text: null }, cancelled)).toEqual({
      move: 'end',
      state: 'cancelled',
      outcome: 'suppressed',
      reasons: cancelReasons,
    }))
})

describe('a text on its way', () => {
  test.each(['ready', 'claimed', 'sending'] as const)('%s is waited for', (state) =>
    expect(move({ text: text(state) })).toEqual({ move: 'wait' }),
  )
  test('is ended while nobody holds it, by a block or a cancel', () => {
    expect(move({ text: text('ready'), blockedBy: optOut })).toEqual({
      move: 'suppress-text',
      reasons: optOut,
    })
    expect(move({ text: text('ready') }, cancelled)).toEqual({
      move: 'suppress-text',
      reasons: cancelReasons,
    })
  })
  test.each(['claimed', 'sending'] as const)('%s is left to its worker, blocked or not', (state) =>
    expect(move({ text: text(state), blockedBy: optOut })).toEqual({ move: 'wait' }),
  )
  test('waits in a paused sequence', () =>
    expect(move({ text: text('ready') }, { state: 'paused' })).toEqual({ move: 'wait' }))
})

describe('a step handed over', () => {
  test('brings the next one, its delay counted from the first byte', () =>
    expect(move({ text: text('sent', { writtenAt: at(100), settledAt: at(900) }) })).toEqual({
      move: 'advance',
      outcome: 'sent',
      dueAt: at(5_100),
    }))
  test('of unknown outcome does so too, from when that was found where nothing else is known', () =>
    expect(move({ text: text('unknown', { settledAt: at(30_000) }) })).toEqual({
      move: 'advance',
      outcome: 'unknown',
      dueAt: at(35_000),
    }))
  test('and not delivered, as a receipt told, does so too', () =>
    expect(
      move({
        text: text('failed', {
          writtenAt: at(100),
          reasons: [{ reason: 'carrier-reported-failure', since: at(1).toISOString() }],
          delivery: { rank: 3, status: 'undelivered', errorCode: '30003', at: at(1).toISOString() },
        }),
      }),
    ).toEqual({ move: 'advance', outcome: 'failed', dueAt: at(5_100) }))
  test('is the end where it was the last, whatever came meanwhile', () => {
    const end = { move: 'end', state: 'finished', outcome: 'sent', reasons: [] }
    expect(move({ text: text('sent'), step: 1 })).toEqual(end)
    expect(move({ text: text('sent'), step: 1, blockedBy: optOut }, cancelled)).toEqual(end)
  })
  test('is not followed by another where the number was blocked or the sequence cancelled', () => {
    expect(move({ text: text('sent'), blockedBy: optOut })).toEqual({
      move: 'end',
      state: 'suppressed',
      outcome: 'sent',
      reasons: optOut,
    })
    expect(move({ text: text('sent') }, cancelled)).toEqual({
      move: 'end',
      state: 'cancelled',
      outcome: 'sent',
      reasons: cancelReasons,
    })
  })
})

describe('a step that ended unsent', () => {
  test('by a block ends the enrolment as suppressed, with every reason', () =>
    expect(move({ text: text('suppressed', { reasons: optOut }) })).toEqual({
      move: 'end',
      state: 'suppressed',
      outcome: 'suppressed',
      reasons: optOut,
    }))
  test('by a cancel ends it as cancelled', () =>
    expect(move({ text: text('suppressed', { reasons: cancelReasons }) })).toMatchObject({
      move: 'end',
      state: 'cancelled',
    }))
  test('by a refusal ends it as failed', () => {
    const reasons = [{ reason: 'carrier-error-21211', since: at(1).toISOString() }]
    expect(move({ text: text('failed', { reasons }) })).toEqual({
      move: 'end',
      state: 'failed',
      outcome: 'failed',
      reasons,
    })
  })
})

test('an enrolment that has ended never moves again', () => {
  for (const state of ['finished', 'suppressed', 'failed', 'cancelled'] as const) {
    for (const one of [null, text('ready'), text('sent')])
      expect(move({ text: one, state })).toEqual({ move: 'none' })
  }
})

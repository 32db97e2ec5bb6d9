import { expect, test } from 'vitest'
import {
  a,
  clear,
  epoch,
  laterEpoch,
  one,
  optedOut,
  say,
  testGate,
  text,
  two,
  verdicts,
} from '../tests/support.ts'
import { clocksApartMs, leaseMs, marginMs } from './protocol.ts'

test('a number never asked for is held', () => {
  expect(say(testGate().gate)).toBe('no-verdict')
})

test('a text that passes is written in the same tick, and its basis is recorded', () => {
  const { gate, clock } = testGate()
  clear(gate)
  clock.advance(30)
  const gatedAt = clock.wallMs()
  const result = gate.pass(text(), (clearance) => {
    clock.advance(2)
    return clearance.number
  })
  expect(result).toMatchObject({
    outcome: 'passed',
    value: one,
    clearance: { ...text(), epoch, rev: 7, gatedAt },
  })
})

test('a text that is held or suppressed is not written', () => {
  const { gate } = testGate()
  clear(gate, a, two, verdicts({ reasons: [optedOut] }))
  let written = 0
  gate.pass(text(), () => written++)
  gate.pass(text(a, two), () => written++)
  expect(written).toBe(0)
})

test('what write throws comes out unchanged', () => {
  const { gate } = testGate()
  clear(gate)
  const broken = new Error('no connection')
  const write = (): void => {
    throw broken
  }
  expect(() => gate.pass(text(), write)).toThrow(broken)
})

test('a block suppresses with every reason that stands', () => {
  const { gate } = testGate()
  const reasons = [optedOut, { ...optedOut, list: 'dnc', rev: 3 }]
  clear(gate, a, one, verdicts({ reasons }))
  const result = gate.pass(text(), () => {})
  expect(result).toEqual({ outcome: 'suppressed', reasons, epoch, rev: 7, policy: { v: 1 } })
})

test('E2: the lease counts from before the question, not from the answer', () => {
  const { gate, clock } = testGate()
  const question = gate.ask([{ accountId: a, numbers: [one] }])
  clock.advance(400)
  gate.onAnswer(question, [verdicts()])
  clock.advance(leaseMs - marginMs - 400 - 0.001)
  expect(say(gate)).toBe('passed')
  clock.advance(0.001)
  expect(say(gate)).toBe('expired')
})

test('E2: an answer cannot lengthen the lease, but can shorten it', () => {
  const { gate, clock } = testGate()
  clear(gate, a, one, verdicts({ leaseMs: 10 * leaseMs }))
  clear(gate, a, two, verdicts({ leaseMs: 100 }))
  clock.advance(100 - marginMs)
  expect([say(gate), say(gate, a, two)]).toEqual(['passed', 'expired'])
  clock.advance(leaseMs - 100)
  expect(say(gate)).toBe('expired')
})

test('E6: while no answer comes every text is held, and the first answer lets texts pass again', () => {
  const { gate, clock } = testGate()
  clear(gate)
  for (let call = 0; call < 4; call++) {
    const question = gate.ask([{ accountId: a, numbers: [one] }])
    clock.advance(450)
    gate.onFailure(question)
  }
  expect(say(gate)).not.toBe('passed')
  clear(gate)
  expect(say(gate)).toBe('passed')
})

test('a question that fails leaves the verdict in hand as it was', () => {
  const { gate } = testGate()
  clear(gate)
  gate.onFailure(gate.ask([{ accountId: a, numbers: [one] }]))
  expect(say(gate)).toBe('passed')
})

test.each([clocksApartMs + 1, -clocksApartMs - 1])(
  'clocks that moved %i ms apart void the verdict',
  (apartMs) => {
    const { gate, clock } = testGate()
    const question = gate.ask([{ accountId: a, numbers: [one] }])
    clock.moveWall(apartMs)
    gate.onAnswer(question, [verdicts()])
    expect(say(gate)).toBe('clocks')
  },
)

test('clocks that moved 20 ms apart do not', () => {
  const { gate, clock } = testGate()
  clear(gate)
  clock.moveWall(clocksApartMs)
  expect(say(gate)).toBe('passed')
})

test('a clock that reads nothing holds', () => {
  const { gate, clock } = testGate()
  clear(gate)
  clock.moveWall(Number.NaN)
  expect(say(gate)).toBe('clocks')
  clock.advance(Number.NaN)
  expect(say(gate)).toBe('expired')
})

test('E10: a verdict of before a restore passes until it expires, and not later', () => {
  const { gate, clock } = testGate()
  clear(gate, a, one)
  clear(gate, a, two, verdicts({ epoch: laterEpoch, rev: 1 }))
  clock.advance(leaseMs - marginMs - 1)
  expect(say(gate)).toBe('passed')
  clock.advance(1)
  expect(say(gate)).toBe('expired')
})

test('E10: an answer of another epoch is taken whatever its rev', () => {
  const { gate } = testGate()
  clear(gate, a, one, verdicts({ rev: 1_000 }))
  expect(clear(gate, a, one, verdicts({ epoch: laterEpoch, rev: 1, reasons: [optedOut] }))).toEqual(['taken'])
  // Asked in the same instant, so the answer that came last stands.
  expect(say(gate)).toBe('suppressed')
})

test('a hook that throws changes nothing', () => {
  const broken = () => {
    throw new Error('observer')
  }
  const { gate } = testGate({ onHold: broken, onSuppress: broken, onVerdictAge: broken, onAlarm: broken })
  expect(say(gate)).toBe('no-verdict')
  clear(gate)
  expect(say(gate)).toBe('passed')
  clear(gate, a, two, verdicts({ reasons: [optedOut] }))
  expect(say(gate, a, two)).toBe('suppressed')
})

test('hooks are told why texts are held and how old the verdict was', () => {
  const told: unknown[] = []
  const { gate, clock } = testGate({
    onHold: (why) => told.push(why),
    onVerdictAge: (ageMs) => told.push(ageMs),
  })
  say(gate)
  clear(gate)
  clock.advance(40)
  say(gate)
  expect(told).toEqual(['no-verdict', 40])
})

import { everyAccount } from '@heed/events'
import { AccountId } from '@heed/phone'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { naiveGate } from '../tests/naive-gate.ts'
import { epoch, laterEpoch, one, optedOut, testGate, text, two, verdicts } from '../tests/support.ts'
import type { Gate } from './gate.ts'
import type { Question } from './gate-state.ts'
import type { CheckAnswer } from './verdict.ts'

/** Ids that a careless map of names would take for what every object inherits. */
const a = AccountId.parse('__proto__')
const b = AccountId.parse('constructor')
const account = fc.constantFrom(a, b)
const number = fc.constantFrom(one, two)
const source = fc.constantFrom('SM1', 'SM2')

/** One answer: verdicts about as many numbers as were asked for, or an error. */
const given = fc.record({
  fails: fc.constantFrom(true, false, false, false, false),
  epoch: fc.constantFrom(epoch, epoch, laterEpoch),
  rev: fc.integer({ min: 1, max: 4 }),
  leaseMs: fc.constantFrom(500, 500, 200, 900),
  blocked: fc.tuple(fc.boolean(), fc.boolean()),
})
const which = fc.nat(5)
const asks = fc.uniqueArray(
  fc.record({ accountId: account, numbers: fc.uniqueArray(number, { minLength: 1 }) }),
  {
    minLength: 1,
    maxLength: 2,
    selector: ({ accountId }) => accountId,
  },
)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('ask'), asks }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('answer'), which, given: fc.tuple(given, given) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failure'), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('event'), account, number, source }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('hint'),
      account: fc.oneof(account, fc.constant(everyAccount)),
      number,
      source,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('advance'),
      ms: fc.constantFrom(1, 10, 20, 100, 240, 475, 500, 700),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('clocks'), ms: fc.constantFrom(-21, -20, 15, 20, 21) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rest') }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

function answersTo(question: Question, given: readonly Given[]): CheckAnswer[] {
  return question.input.asks.map(({ numbers }, index) => {
    const one = given[index]
    if (one === undefined || one.fails) return { error: { reason: 'unavailable' } }
    const { epoch, rev, leaseMs, blocked } = one
    const judged = numbers.map((_, place) => {
      const reasons = blocked[place] === true ? [optedOut] : []
      return { allowed: reasons.length === 0, reasons }
    })
    return { ...verdicts({ epoch, rev, leaseMs }), verdicts: judged }
  })
}
type Given = typeof given extends fc.Arbitrary<infer Value> ? Value : never

/** The gate and the naive reading of the protocol, through the same history. */
function pair({ mute }: { mute?: typeof a } = {}) {
  const { gate, clock } = testGate()
  const naive = naiveGate(clock)
  const open: Question[] = []
  const close = (which: number) => open.splice(which % Math.max(1, open.length), 1)[0]
  const take = (step: Step): void => {
    switch (step.kind) {
      case 'ask': {
        const question = gate.ask(step.asks)
        naive.asked(question)
        open.push(question)
        return
      }
      case 'answer': {
        const question = close(step.which)
        if (question === undefined) return
        const answers = answersTo(question, step.given).map((answer, index): CheckAnswer => {
          const isMuted = question.input.asks[index]?.accountId === mute
          return isMuted ? { error: { reason: 'unavailable' } } : answer
        })
        gate.onAnswer(question, answers)
        naive.answered(question, answers)
        return
      }
      case 'failure': {
        const question = close(step.which)
        if (question === undefined) return
        gate.onFailure(question)
        naive.failed(question)
        return
      }
      case 'event':
        if (step.account === mute) return
        gate.onEvent(step)
        naive.heard(step)
        return
      case 'hint':
        if (step.account === mute) return
        gate.onHint(step)
        naive.hinted(step)
        return
      case 'advance':
        clock.advance(step.ms)
        return
      case 'clocks':
        clock.moveWall(step.ms)
        return
      case 'rest':
        clock.advance(61_000)
        gate.sweep()
        naive.rested()
        return
    }
  }
  return { gate, naive, take }
}

function says(gate: Gate, accountId: typeof a, number: typeof one): string {
  const result = gate.pass(text(accountId, number), ({ epoch, rev }) => `passed ${epoch}/${rev}`)
  switch (result.outcome) {
    case 'passed':
      return result.value
    case 'suppressed':
      return `suppressed ${result.epoch}/${result.rev}`
    case 'hold':
      return result.why === 'hinted' ? 'hinted' : 'ask'
  }
}

/** A question that was asked before a rest and is answered after it, by an authority that has lost revs. */
function openOverARest(): Step[] {
  const asked: Step = { kind: 'ask', asks: [{ accountId: a, numbers: [one] }] }
  const answered = (rev: number): Step => {
    const told: Given = { fails: false, epoch, rev, leaseMs: 500, blocked: [false, false] }
    return { kind: 'answer', which: 0, given: [told, told] }
  }
  return [asked, answered(3), asked, { kind: 'rest' }, answered(2), asked, answered(1)]
}

test('E2, E6, E9, E10: the gate says what the protocol says, in every order of questions, answers, events, hints and time', () => {
  const history = fc.array(step, { maxLength: 60 })
  fc.assert(
    fc.property(history, (steps) => {
      const { gate, naive, take } = pair()
      for (const step of steps) {
        take(step)
        for (const accountId of [a, b]) {
          for (const number of [one, two]) {
            expect(says(gate, accountId, number)).toBe(naive.says(accountId, number))
          }
        }
      }
    }),
    { numRuns: 2_000, examples: [[openOverARest()]] },
  )
})

test('E9: what is done for one account changes nothing for another', () => {
  // A hint for every account is no one's own: any account's event may end it.
  const own = step.filter((one) => one.kind !== 'hint' || one.account !== everyAccount)
  const history = fc.array(own, { maxLength: 40 })
  fc.assert(
    fc.property(history, (steps) => {
      const lively = pair()
      const muted = pair({ mute: b })
      for (const step of steps) {
        lively.take(step)
        muted.take(step)
        for (const number of [one, two])
          expect(says(lively.gate, a, number)).toBe(says(muted.gate, a, number))
      }
    }),
    { numRuns: 300 },
  )
})

import { PhoneNumber } from '@heed/phone'
import { CheckInput, createAsker } from '../src/index.ts'
import { handScheduler } from './hand-scheduler.ts'
import { testGate, verdicts } from './support.ts'

interface Heard {
  readonly input: CheckInput
  readonly signal: AbortSignal
  answer(answers?: unknown): void
  fail(cause: unknown): void
}

/** An asker whose calls wait until the test answers them. */
export function testAsker() {
  const { gate, clock } = testGate()
  const time = handScheduler(clock)
  const calls: Heard[] = []
  const failed: unknown[] = []
  const check = (input: CheckInput, signal: AbortSignal) => {
    CheckInput.parse(input)
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const all = () => input.asks.map(({ numbers }) => verdicts({ count: numbers.length }))
    calls.push({ input, signal, answer: (answers = all()) => resolve(answers), fail: reject })
    return promise
  }
  const onCallFailed = (cause: unknown) => failed.push(cause)
  const asker = createAsker({ gate, check, scheduler: time.scheduler, random: () => 0.999, onCallFailed })
  const call = (index: number): Heard => {
    const heard = calls[index]
    if (heard === undefined) throw new Error(`call ${index} was not made`)
    return heard
  }
  const close = () => asker[Symbol.asyncDispose]()
  return { gate, clock, asker, calls, call, failed, ...time, close, [Symbol.asyncDispose]: close }
}

export type TestAsker = ReturnType<typeof testAsker>

/** So many different numbers. */
export const many = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => PhoneNumber.parse(`+1555${1_000_000 + from + index}`))

import { newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type System, startHere, startSystem } from './start-system.ts'

let system: System
let here: Awaited<ReturnType<typeof startHere>>
beforeAll(async () => {
  system = await startSystem()
  here = await startHere(system)
})
afterAll(async () => {
  await here?.[Symbol.asyncDispose]()
  await system?.[Symbol.asyncDispose]()
})

const stop = 'Reply STOP to opt out'

describe('an enrolment', () => {
  test('is texted each step once, in order, the delay counted from the hand-off before', async () => {
    const { accountId, from } = await system.newAccount()
    const number = newPhoneNumber()
    const steps = [
      { delayMs: 0, text: 'One.' },
      { delayMs: 700, text: 'Two.' },
      { delayMs: 0, text: 'Three.' },
    ]
    const { sequenceId } = await here.rpc.sequences.create.mutate({ accountId, from, steps })
    expect(
      await here.rpc.sequences.enrol.mutate({ accountId, sequenceId, recipients: [{ number }] }),
    ).toEqual({ enrolled: 1, known: 0 })
    await waitFor(
      async () => (await here.rpc.sequences.get.query({ accountId, sequenceId })).enrolments.finished === 1,
      {
        timeoutMs: 10_000,
      },
    )
    const texts = await system.carrier.texts(number)
    expect(texts.map(({ body }) => body)).toEqual([`One. ${stop}`, `Two. ${stop}`, `Three. ${stop}`])
    expect(new Set(texts.map((text) => text.from))).toEqual(new Set([from]))
    const { rows } = await here.rpc.sequences.enrolments.query({ accountId, sequenceId })
    const [first, second, third] = rows[0]?.steps ?? []
    const at = (time: string | null | undefined) => Date.parse(time ?? '')
    expect(at(second?.dueAt) - at(first?.writtenAt)).toBe(700)
    expect(at(second?.writtenAt)).toBeGreaterThanOrEqual(at(first?.writtenAt) + 700)
    expect(at(third?.dueAt)).toBe(at(second?.writtenAt))
    expect(rows).toMatchObject([{ number, state: 'finished', reasons: [], generation: 1 }])
    for (const step of [first, second, third]) {
      expect(step).toMatchObject({ number, state: 'sent', reasons: [], rev: 0 })
      expect(step?.attemptId).toMatch(/^en_/)
      expect(step?.providerId).toMatch(/^SM/)
    }
  })
})

import { deliveryReported } from '@heed/events'
import { newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { later, openSequence } from './driver.ts'
import { startHere, startSystem } from './start-system.ts'

const resources = new AsyncDisposableStack()
let system: Awaited<ReturnType<typeof startSystem>>
let here: Awaited<ReturnType<typeof startHere>>
beforeAll(async () => {
  system = resources.use(await startSystem())
  here = resources.use(await startHere(system))
})
afterAll(() => resources.disposeAsync())

const open = (...[steps, more]: [Parameters<typeof openSequence>[1], Parameters<typeof openSequence>[2]?]) =>
  openSequence({ system, rpc: here.rpc }, steps, more)
const stop = 'Reply STOP to opt out'
const at = (time: string | null | undefined) => Date.parse(time ?? '')

describe('an enrolment', () => {
  test('is texted each step once, in order, the delay counted from the hand-off before', async () => {
    const number = newPhoneNumber()
    const sequence = await open([
      { delayMs: 0, text: 'One.' },
      { delayMs: 700, text: 'Two.' },
      { delayMs: 0, text: 'Three.' },
    ])
    expect(await sequence.enrol(number)).toEqual({ enrolled: 1, known: 0 })
    await sequence.until('finished')
    expect(await sequence.bodies(number)).toEqual([`One. ${stop}`, `Two. ${stop}`, `Three. ${stop}`])
    const row = await sequence.row(number)
    expect(row).toMatchObject({ number, state: 'finished', reasons: [], generation: 1 })
    const [first, second, third] = row?.steps ?? []
    expect(at(second?.dueAt) - at(first?.writtenAt)).toBe(700)
    expect(at(second?.writtenAt)).toBeGreaterThanOrEqual(at(first?.writtenAt) + 700)
    expect(at(third?.dueAt)).toBe(at(second?.writtenAt))
    for (const step of [first, second, third]) {
      expect(step).toMatchObject({ number, state: 'sent', reasons: [], rev: 0 })
      expect(step?.attemptId).toMatch(/^en_/)
      expect(step?.providerId).toMatch(/^SM/)
      expect(at(step?.gatedAt)).toBeLessThanOrEqual(at(step?.writtenAt))
    }
  })

  test('waits for its first step, counted from the enrolment', async () => {
    const number = newPhoneNumber()
    const sequence = await open([{ delayMs: 600, text: 'One.' }])
    await sequence.enrol(number)
    const row = await sequence.row(number)
    expect(row?.steps).toMatchObject([{ state: 'waiting', text: `One. ${stop}` }])
    expect(at(row?.steps[0]?.dueAt) - at(row?.enrolledAt)).toBe(600)
    await sequence.until('finished')
    expect(at((await sequence.row(number))?.steps[0]?.writtenAt)).toBeGreaterThanOrEqual(
      at(row?.steps[0]?.dueAt),
    )
  })

  test('is there once for each number and each person, however often it is asked for', async () => {
    const sequence = await open([{ delayMs: 0, text: 'One.' }])
    const [a, b, c] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
    const recipients = [
      { number: a, contactId: 'ann' },
      { number: a },
      { number: b, contactId: 'ann' },
      { number: c },
    ]
    const { accountId, sequenceId } = sequence
    const enrol = () => here.rpc.sequences.enrol.mutate({ accountId, sequenceId, recipients })
    const answers = await Promise.all([enrol(), enrol(), enrol()])
    expect(answers.reduce((sum, { enrolled }) => sum + enrolled, 0)).toBe(2)
    for (const { enrolled, known } of answers) expect(enrolled + known).toBe(4)
    await sequence.until('finished', 2)
    expect(await enrol()).toEqual({ enrolled: 0, known: 4 })
    expect([await sequence.bodies(a), await sequence.bodies(b), await sequence.bodies(c)]).toMatchObject([
      [`One. ${stop}`],
      [],
      [`One. ${stop}`],
    ])
  })
})

describe('the text of a step', () => {
  test("ends in the account's wording as it stands when the step's text is made, and is frozen then", async () => {
    const account = await system.newAccount()
    const { accountId } = account
    const word = (sequence: string) =>
      system.compliance.accounts.settings.set.mutate({
        accountId,
        settings: { optOutInstruction: { broadcast: stop, sequence } },
      })
    await word('Text STOP to end')
    const sequence = await openSequence({ system, rpc: here.rpc, account }, [
      { delayMs: 0, text: 'One.' },
      { delayMs: later, text: 'Two.' },
    ])
    const [first, second] = [newPhoneNumber(), newPhoneNumber()]
    const untilBothAreMade = (number: typeof first) =>
      waitFor(async () => (await sequence.row(number))?.steps.length === 2)
    await sequence.enrol(first)
    await untilBothAreMade(first)
    await word('Txt STOP 2 stop')
    await sequence.enrol(second)
    await untilBothAreMade(second)
    const texts = async (number: typeof first) => (await sequence.row(number))?.steps.map(({ text }) => text)
    expect(await texts(first)).toEqual(['One. Text STOP to end', 'Two. Text STOP to end'])
    expect(await texts(second)).toEqual(['One. Txt STOP 2 stop', 'Two. Txt STOP 2 stop'])
  })

  test("ends in the sequence's own wording where it has one, and in none where it instructs already", async () => {
    const number = newPhoneNumber()
    const steps = [
      { delayMs: 0, text: 'One.' },
      { delayMs: 0, text: 'Two. Reply END to unsubscribe' },
    ]
    const sequence = await open(steps, { optOutInstruction: 'Say QUIT to leave. Reply QUIT' })
    await sequence.enrol(number)
    await sequence.until('finished')
    expect(await sequence.bodies(number)).toEqual([
      'One. Say QUIT to leave. Reply QUIT',
      'Two. Reply END to unsubscribe',
    ])
  })
})

describe('what the carrier says', () => {
  test('against a text for good ends the enrolment as failed', async () => {
    const number = newPhoneNumber()
    const sequence = await open([
      { delayMs: 0, text: 'One.' },
      { delayMs: 0, text: 'Two.' },
    ])
    await system.carrier.faults({ kind: 'error', status: 400, code: 21211, numbers: [number] })
    await sequence.enrol(number)
    await sequence.until('failed')
    await system.carrier.faults()
    expect(await sequence.row(number)).toMatchObject({
      state: 'failed',
      reasons: [{ reason: 'carrier-error-21211' }],
      steps: [{ state: 'failed' }],
    })
    expect((await sequence.get()).steps[0]?.counts).toMatchObject({ failed: 1, sent: 0, waiting: 0 })
  })

  test('not at all leaves the step unknown, sends it never again, and lets the next one come', async () => {
    const number = newPhoneNumber()
    const sequence = await open([
      { delayMs: 0, text: 'One.' },
      { delayMs: 500, text: 'Two.' },
    ])
    await system.carrier.faults({ kind: 'error', status: 500, accepted: true, numbers: [number] })
    await sequence.enrol(number)
    await sequence.untilStep(0, 'unknown')
    await system.carrier.faults()
    await sequence.until('finished')
    expect(await sequence.bodies(number)).toEqual([`One. ${stop}`, `Two. ${stop}`])
    const row = await sequence.row(number)
    expect(row?.steps).toMatchObject([
      { state: 'unknown', reasons: [{ reason: 'unclear-answer' }] },
      { state: 'sent' },
    ])
    const [first] = await system.carrier.texts(number)
    await system.bus.publish(deliveryReported, sequence.accountId, {
      v: 1,
      account: sequence.accountId,
      attemptId: row?.steps[0]?.attemptId ?? '',
      providerId: first?.sid ?? '',
      status: 'delivered',
      businessNumber: sequence.from,
      number,
      at: new Date().toISOString(),
    })
    await sequence.untilStep(0, 'sent')
    expect((await sequence.get()).steps[0]?.counts).toMatchObject({ sent: 1, unknown: 0 })
  })
})

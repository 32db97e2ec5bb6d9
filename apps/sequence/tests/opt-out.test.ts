import { newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { later, openSequence, type Step } from './driver.ts'
import { optIn, optOut, startHere, startSystem } from './start-system.ts'

const resources = new AsyncDisposableStack()
let system: Awaited<ReturnType<typeof startSystem>>
let here: Awaited<ReturnType<typeof startHere>>
beforeAll(async () => {
  system = resources.use(await startSystem())
  here = resources.use(await startHere(system))
})
afterAll(() => resources.disposeAsync())

const open = (steps: readonly Step[]) => openSequence({ system, rpc: here.rpc }, steps)
const stop = 'Reply STOP to opt out'
const oneThenTwo = (delayMs: number) => [
  { delayMs: 0, text: 'One.' },
  { delayMs, text: 'Two.' },
]

describe('an opt-out', () => {
  test('ends what waits as suppressed, and the enrolment with every reason', async () => {
    const [number, other] = [newPhoneNumber(), newPhoneNumber()]
    const sequence = await open([...oneThenTwo(later), { delayMs: 0, text: 'Three.' }])
    await sequence.enrol(number, other)
    await sequence.untilStep(1, 'waiting', 2)
    await optOut(system, sequence.accountId, number, 'dnc')
    await sequence.until('suppressed')
    expect(await sequence.row(number)).toMatchObject({
      state: 'suppressed',
      reasons: [{ reason: 'do-not-contact', list: 'dnc', rev: 1 }],
      steps: [
        { state: 'sent', reasons: [] },
        { state: 'suppressed', reasons: [{ reason: 'do-not-contact', list: 'dnc', rev: 1 }] },
      ],
    })
    expect(await sequence.row(other)).toMatchObject({ state: 'active' })
    expect(await sequence.get()).toMatchObject({
      enrolments: { active: 1, suppressed: 1 },
      steps: [
        { counts: { sent: 2 } },
        { counts: { waiting: 1, suppressed: 1 } },
        { counts: { waiting: 0, suppressed: 0 } },
      ],
    })
  })

  test('ends it in every sequence of the account, and in none of another (E9)', async () => {
    const number = newPhoneNumber()
    const account = await system.newAccount()
    const mine = await openSequence({ system, rpc: here.rpc, account }, oneThenTwo(later))
    const also = await openSequence({ system, rpc: here.rpc, account }, oneThenTwo(later))
    const theirs = await open(oneThenTwo(later))
    for (const one of [mine, also, theirs]) await one.enrol(number)
    for (const one of [mine, also, theirs]) await one.untilStep(1, 'waiting')
    await optOut(system, account.accountId, number)
    await Promise.all([mine.until('suppressed'), also.until('suppressed')])
    expect((await theirs.get()).enrolments).toMatchObject({ active: 1, suppressed: 0 })
  })

  test('ends it while the sequence is paused', async () => {
    const number = newPhoneNumber()
    const sequence = await open(oneThenTwo(0))
    await sequence.move('pause')
    await sequence.enrol(number)
    await sequence.untilStep(0, 'waiting')
    await optOut(system, sequence.accountId, number)
    await sequence.until('suppressed')
    await sequence.move('resume')
    expect(await sequence.bodies(number)).toEqual([])
  })

  test('just before a step is due keeps that step from being sent (E1)', async () => {
    const numbers = Array.from({ length: 20 }, () => newPhoneNumber())
    const sequence = await open([{ delayMs: 1_500, text: 'One.' }])
    await sequence.enrol(...numbers)
    const acknowledged = new Map<string, number>()
    for (const number of numbers) {
      await optOut(system, sequence.accountId, number)
      acknowledged.set(number, Date.now())
    }
    await sequence.until('active', 0)
    for (const number of numbers) {
      const at = Date.parse((await sequence.row(number))?.steps[0]?.writtenAt ?? '')
      if (!Number.isNaN(at)) expect(at).toBeLessThanOrEqual((acknowledged.get(number) ?? 0) + 550)
    }
    const { suppressed, finished } = (await sequence.get()).enrolments
    expect(suppressed + finished).toBe(numbers.length)
    expect(suppressed).toBeGreaterThan(0)
  })

  test('is never undone by a START: what ended stays ended, and enrolling anew begins from the first step', async () => {
    const number = newPhoneNumber()
    const sequence = await open(oneThenTwo(later))
    await sequence.enrol(number)
    await sequence.untilStep(1, 'waiting')
    await optOut(system, sequence.accountId, number)
    await sequence.until('suppressed')
    expect(await sequence.enrol(number)).toEqual({ enrolled: 0, known: 1 })
    await optIn(system, sequence.accountId, number)
    expect(await sequence.enrol(number)).toEqual({ enrolled: 1, known: 0 })
    expect(await sequence.enrol(number)).toEqual({ enrolled: 0, known: 1 })
    await sequence.untilStep(1, 'waiting')
    const rows = await sequence.rows()
    expect(rows).toMatchObject([
      { generation: 1, state: 'suppressed', steps: [{ state: 'sent' }, { state: 'suppressed' }] },
      { generation: 2, state: 'active', steps: [{ state: 'sent' }, { state: 'waiting' }] },
    ])
    expect(await sequence.bodies(number)).toEqual([`One. ${stop}`, `One. ${stop}`])
  })

  test('that came before the enrolment ends it at once, with every reason that stands', async () => {
    const [blocked, free] = [newPhoneNumber(), newPhoneNumber()]
    const sequence = await open([{ delayMs: later, text: 'One.' }])
    await optOut(system, sequence.accountId, blocked)
    await optOut(system, sequence.accountId, blocked, 'dnc')
    expect(await sequence.enrol(blocked, free)).toEqual({ enrolled: 2, known: 0 })
    const row = await sequence.row(blocked)
    expect(row).toMatchObject({ state: 'suppressed', steps: [{ state: 'suppressed', attemptId: null }] })
    expect(row?.reasons.map(({ reason, list, rev }) => [reason, list, rev])).toEqual([
      ['opt-out', 'own', 1],
      ['do-not-contact', 'dnc', 2],
    ])
    expect(row?.steps[0]?.reasons).toEqual(row?.reasons)
    expect((await sequence.get()).enrolments).toMatchObject({ active: 1, suppressed: 1 })
  })
})

test('a number that the carrier refuses as opted out ends, and compliance is told (21610)', async () => {
  const number = newPhoneNumber()
  const sequence = await open(oneThenTwo(0))
  await system.carrier.faults({ kind: '21610', numbers: [number] })
  await sequence.enrol(number)
  await sequence.until('suppressed')
  await system.carrier.faults()
  expect(await sequence.row(number)).toMatchObject({
    state: 'suppressed',
    reasons: [{ reason: 'carrier-refusal', list: 'carrier' }],
  })
  const { accountId } = sequence
  const lists = async () =>
    (await system.compliance.consent.status.query({ accountId, numbers: [number] }))[0]?.blocks.map(
      ({ list }) => list,
    )
  await waitFor(async () => (await lists())?.includes('carrier'))
})

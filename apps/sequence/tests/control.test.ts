import { setTimeout as sleep } from 'node:timers/promises'
import { refusalReason } from '@heed/rpc'
import { newPhoneNumber } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { later, openSequence, type Step } from './driver.ts'
import { optOut, startHere, startSystem } from './start-system.ts'

const resources = new AsyncDisposableStack()
let system: Awaited<ReturnType<typeof startSystem>>
let here: Awaited<ReturnType<typeof startHere>>
beforeAll(async () => {
  system = resources.use(await startSystem())
  here = resources.use(await startHere(system))
})
afterAll(() => resources.disposeAsync())

const open = (steps: readonly Step[]) => openSequence({ system, rpc: here.rpc }, steps)
const refused = (call: Promise<unknown>) => call.then(() => 'taken', refusalReason)
const oneThenTwo = (delayMs: number) => [
  { delayMs: 0, text: 'One.' },
  { delayMs, text: 'Two.' },
]

describe('a pause', () => {
  test('holds due steps, and a resume lets them go on', async () => {
    const number = newPhoneNumber()
    const sequence = await open(oneThenTwo(3_000))
    await sequence.enrol(number)
    await sequence.untilStep(1, 'waiting')
    expect(await sequence.move('pause')).toMatchObject({ state: 'paused' })
    const { steps } = (await sequence.row(number)) ?? {}
    await sleep(Math.max(0, Date.parse(steps?.[1]?.dueAt ?? '') - Date.now()) + 700)
    expect(await sequence.bodies(number)).toHaveLength(1)
    expect(await sequence.get()).toMatchObject({ state: 'paused', enrolments: { active: 1 } })
    expect(await sequence.move('resume')).toMatchObject({ state: 'running' })
    await sequence.until('finished')
    expect(await sequence.bodies(number)).toHaveLength(2)
  })

  test('and a resume may be repeated, and a cancelled sequence takes neither nor anybody new', async () => {
    const sequence = await open(oneThenTwo(later))
    for (const transition of ['resume', 'pause', 'pause', 'resume', 'cancel', 'cancel'] as const) {
      await sequence.move(transition)
    }
    expect(await refused(sequence.move('pause'))).toBe('wrong-state')
    expect(await refused(sequence.move('resume'))).toBe('wrong-state')
    expect(await refused(sequence.enrol(newPhoneNumber()))).toBe('wrong-state')
  })
})

test('a cancel ends everybody before it answers: what waited is suppressed, what was sent stays sent', async () => {
  const [waiting, done, blocked] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
  const sequence = await open(oneThenTwo(later))
  await optOut(system, sequence.accountId, blocked)
  await sequence.enrol(waiting, done, blocked)
  await sequence.untilStep(1, 'waiting', 2)
  expect(await sequence.move('cancel')).toMatchObject({ state: 'cancelled' })
  expect(await sequence.row(waiting)).toMatchObject({
    state: 'cancelled',
    reasons: [{ reason: 'cancelled' }],
    steps: [{ state: 'sent' }, { state: 'suppressed', reasons: [{ reason: 'cancelled' }] }],
  })
  expect(await sequence.row(blocked)).toMatchObject({ state: 'suppressed', reasons: [{ reason: 'opt-out' }] })
  expect(await sequence.get()).toMatchObject({
    enrolments: { active: 0, cancelled: 2, suppressed: 1 },
    steps: [{ counts: { sent: 2, suppressed: 1 } }, { counts: { suppressed: 2, waiting: 0 } }],
  })
})

test('a cancel while people are being enrolled leaves nobody waiting', async () => {
  const sequence = await open([{ delayMs: later, text: 'One.' }])
  const calls = Array.from({ length: 10 }, () =>
    sequence.enrol(...Array.from({ length: 20 }, () => newPhoneNumber())).catch(() => ({ enrolled: 0 })),
  )
  await sequence.move('cancel')
  const enrolled = (await Promise.all(calls)).reduce((sum, one) => sum + one.enrolled, 0)
  await sequence.until('active', 0)
  const { enrolments, steps } = await sequence.get()
  expect(enrolments.cancelled).toBe(enrolled)
  expect(steps[0]?.counts).toEqual({ waiting: 0, sent: 0, suppressed: enrolled, failed: 0, unknown: 0 })
})

test('both sets of counts sum up at every instant, whatever goes on (E8)', async () => {
  const numbers = Array.from({ length: 150 }, () => newPhoneNumber())
  const sequence = await open([...oneThenTwo(50), { delayMs: 0, text: 'Three.' }])
  await system.carrier.faults(
    { kind: 'error', status: 500, accepted: true, share: 0.1 },
    { kind: 'error', status: 400, code: 21211, share: 0.05 },
  )
  const going = Promise.all([
    ...numbers.map((number) => sequence.enrol(number)),
    ...numbers.slice(0, 20).map((number) => optOut(system, sequence.accountId, number)),
  ])
  const sum = (counts: Record<string, number> | undefined) =>
    Object.values(counts ?? {}).reduce((total, count) => total + count, 0)
  let seen = 0
  for (let ended = false; !ended; ) {
    const { enrolments, steps } = await sequence.get()
    const [first, second, third] = steps.map(({ counts }) => counts)
    const total = sum(enrolments)
    expect(sum(first)).toBe(total)
    expect(total).toBeGreaterThanOrEqual(seen)
    // Whoever reached a step was handed over the one before.
    const handedOver = (counts: typeof first) => (counts?.sent ?? 0) + (counts?.unknown ?? 0)
    expect(sum(second)).toBeLessThanOrEqual(handedOver(first))
    expect(sum(third)).toBeLessThanOrEqual(handedOver(second))
    seen = total
    ended = total === numbers.length && enrolments.active === 0
  }
  await going
  await system.carrier.faults()
  const rows = await sequence.rows()
  expect(rows).toHaveLength(numbers.length)
  for (const { number, state, steps } of rows) {
    const bodies = await sequence.bodies(number)
    const count = (wanted: string) => steps.filter((step) => step.state === wanted).length
    expect(new Set(bodies).size).toBe(bodies.length)
    expect(bodies.length).toBe(count('sent') + count('unknown'))
    if (state === 'finished') expect(count('sent') + count('unknown')).toBe(3)
  }
}, 60_000)

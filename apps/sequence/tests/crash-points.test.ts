import { openLaneStore, openTextStore, type TextDocument } from '@heed/outbound'
import type { PhoneNumber } from '@heed/phone'
import { createLogger } from '@heed/service'
import { newPhoneNumber } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { complianceOf } from '../src/compliance.ts'
import { newEnrolmentIds, newSequenceId } from '../src/ids.ts'
import { openEnrolments } from '../src/store/enrolments.ts'
import { openMarks } from '../src/store/marks.ts'
import { openSequences } from '../src/store/sequences.ts'
import { composeUseCases } from '../src/use-cases/compose.ts'
import { later } from './driver.ts'
import { optOut, startSystem, type TestAccount } from './start-system.ts'

const resources = new AsyncDisposableStack()
let system: Awaited<ReturnType<typeof startSystem>>
let stores: Awaited<ReturnType<typeof openStores>>
beforeAll(async () => {
  system = resources.use(await startSystem())
  stores = await openStores()
})
afterAll(() => resources.disposeAsync())

async function openStores() {
  const { db } = system.database
  const sequences = await openSequences(db)
  const [enrolments, texts, lanes] = await Promise.all([
    openEnrolments(db),
    openTextStore(db),
    openLaneStore(sequences.collection),
  ])
  return { sequences, enrolments, texts, lanes }
}

class Killed extends Error {}

/** A process that dies just before its write number `writesMax`: from then on nothing of it reaches a store. */
function dying(writesMax: number) {
  let writes = 0
  const reads = new Set([
    'get',
    'find',
    'page',
    'known',
    'groups',
    'active',
    'toCheck',
    'hasWaiting',
    'ending',
  ])
  const mortal = <Store extends object>(store: Store): Store =>
    new Proxy(store, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver)
        if (typeof member !== 'function') return member
        return async (...given: unknown[]) => {
          if (writes >= writesMax) throw new Killed()
          if (!reads.has(String(name)) && ++writes >= writesMax) throw new Killed()
          return member.apply(target, given)
        }
      },
    })
  return { mortal, isDead: () => writes >= writesMax }
}

/** Sequence's own part in one process, on the real stores and the real compliance; hand-offs are the test's. */
function startLife(mortal: <Store extends object>(store: Store) => Store, clock: { ms: number }) {
  const sequences = mortal(stores.sequences)
  const lanes = mortal(stores.lanes)
  return composeUseCases({
    sequences,
    enrolments: mortal(stores.enrolments),
    outbound: {
      texts: mortal(stores.texts),
      lanes,
      now: () => new Date(clock.ms),
      wake: (lane) => lanes.schedule(lane, new Date(0)),
    },
    compliance: complianceOf(system.compliance),
    audience: async () => ({ people: [], nextCursor: null }),
    people: async () => [],
    changes: async () => ({ changes: [], anew: false, head: null }),
    marks: openMarks(system.database.connection.db(system.database.name)),
    newSequenceId,
    newEnrolmentIds,
    monoMs: () => clock.ms,
    log: createLogger('sequence', 'silent'),
  })
}
type Life = ReturnType<typeof startLife>

interface Story {
  readonly account: TestAccount
  readonly sequenceId: string
  readonly number: PhoneNumber
  readonly blocked: PhoneNumber
  readonly clock: { ms: number }
}

/** What happens to two people. A call that failed is made again, an event comes again, a hint does not. */
function chapters({ account: { accountId: a }, sequenceId, number, blocked, clock }: Story) {
  const recipients = [{ number }, { number: blocked }]
  const reasons = [{ reason: 'opt-out', since: new Date(0).toISOString() }]
  return [
    {
      comesAgain: true,
      run: async (life: Life) => void (await life.useCases.enrol({ accountId: a, sequenceId, recipients })),
    },
    {
      comesAgain: false,
      run: async (life: Life) => {
        await handOver({ a, lane: sequenceId }, clock)
        await life.carryOn(a, await stores.enrolments.active({ a, sequence: sequenceId }, null, 10))
      },
    },
    { comesAgain: true, run: (life: Life) => life.endBlocked(a, number, reasons) },
  ]
}

async function handOver({ a, lane }: { a: TestAccount['accountId']; lane: string }, { ms }: { ms: number }) {
  const now = new Date(ms)
  await system.database.db
    .collection<TextDocument>('texts')
    .updateMany(
      { a, lane, state: 'ready', dueAt: { $lte: now } },
      { $set: { state: 'sent', writtenAt: now, settledAt: now } },
    )
}

async function tell(writesMax: number): Promise<{ story: Story; died: boolean }> {
  const account = await system.newAccount()
  const clock = { ms: Date.now() }
  const immortal = startLife((store) => store, clock)
  const { sequenceId } = await immortal.useCases.create({
    ...account,
    steps: [
      { delayMs: 0, text: 'One.' },
      { delayMs: later, text: 'Two.' },
      { delayMs: 0, text: 'Three.' },
    ],
  })
  const story = { account, sequenceId, clock, number: newPhoneNumber(), blocked: newPhoneNumber() }
  await optOut(system, account.accountId, story.blocked)
  const death = dying(writesMax)
  let life = startLife(death.mortal, clock)
  let died = false
  for (const { run, comesAgain } of chapters(story)) {
    await run(life).catch((error: unknown) => {
      if (!death.isDead()) throw error
    })
    if (death.isDead() && !died) {
      died = true
      life = immortal
      clock.ms += 10_000
      await life.tidy(new AbortController().signal)
      if (comesAgain) await run(life)
    }
  }
  return { story, died }
}

test('killed between any two writes, what follows is the same: nothing is lost, nothing is there twice', async () => {
  let writesMax = 0
  for (let died = true; died; ) {
    const told = await tell(++writesMax)
    died = told.died
    const { story } = told
    const { accountId } = story.account
    const { read } = startLife((store) => store, story.clock).useCases
    const one = { accountId, sequenceId: story.sequenceId }
    const { rows } = await read.enrolments(one)
    const states = (number: PhoneNumber) =>
      rows
        .filter((row) => row.number === number)
        .map(({ state, steps }) => [state, ...steps.map((step) => step.state)])
    const where = `killed before write ${writesMax}`
    expect(states(story.number), where).toEqual([['suppressed', 'sent', 'suppressed']])
    expect(states(story.blocked), where).toEqual([['suppressed', 'suppressed']])
    const { enrolments, steps } = await read.get(one)
    expect(enrolments, where).toMatchObject({ active: 0, suppressed: 2 })
    expect(
      steps.map(({ counts }) => [counts.sent, counts.suppressed, counts.waiting]),
      where,
    ).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ])
  }
  expect(writesMax).toBeGreaterThan(10)
}, 120_000)

test('killed while people are enrolled, their first texts are made all the same, by the sweep alone', async () => {
  for (let writesMax = 2; writesMax <= 4; writesMax++) {
    const account = await system.newAccount()
    const clock = { ms: Date.now() }
    const immortal = startLife((store) => store, clock)
    const steps = [{ delayMs: later, text: 'One.' }]
    const { sequenceId } = await immortal.useCases.create({ ...account, steps })
    const { accountId } = account
    const recipients = [{ number: newPhoneNumber() }, { number: newPhoneNumber() }]
    const life = startLife(dying(writesMax).mortal, clock)
    await life.useCases.enrol({ accountId, sequenceId, recipients }).catch(() => {})
    clock.ms += 10_000
    await immortal.tidy(new AbortController().signal)
    const { rows } = await immortal.useCases.read.enrolments({ accountId, sequenceId })
    expect(rows.map((row) => row.steps.map(({ state }) => state))).toEqual([['waiting'], ['waiting']])
  }
})

import { refusalReason } from '@heed/rpc'
import { newAccountId, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { later, openSequence } from './driver.ts'
import { sequenceClient, startHere, startSystem } from './start-system.ts'

const resources = new AsyncDisposableStack()
let system: Awaited<ReturnType<typeof startSystem>>
let here: Awaited<ReturnType<typeof startHere>>
beforeAll(async () => {
  system = resources.use(await startSystem())
  here = resources.use(await startHere(system))
})
afterAll(() => resources.disposeAsync())

describe('a call is refused', () => {
  const steps = [{ delayMs: 0, text: 'One.' }]
  const refused = (call: Promise<unknown>) => call.then(() => 'taken', refusalReason)

  test('with its typed reason', async () => {
    const { accountId, from } = await system.newAccount()
    const { sequences } = here.rpc
    const create = (more: object) => refused(sequences.create.mutate({ accountId, from, steps, ...more }))
    expect(await create({ from: newPhoneNumber() })).toBe('not-own-number')
    expect(await create({ optOutInstruction: 'Call us' })).toBe('wording-names-no-keyword')
    expect(await create({ steps: [{ delayMs: 0, text: 'x'.repeat(1_590) }] })).toBe('text-too-long')
    expect(await create({ accountId: newAccountId() })).toBe('unknown-account')
    for (const wrong of [
      { steps: [] },
      { steps: Array.from({ length: 51 }, () => steps[0]) },
      { steps: [{ delayMs: -1, text: 'x' }] },
      { steps: [{ delayMs: 0.5, text: 'x' }] },
      { more: 1 },
    ])
      expect(await create(wrong)).toBe('invalid-input')
    const unknown = { accountId, sequenceId: 'sq_0000000000' }
    for (const call of [
      () => sequences.get.query(unknown),
      () => sequences.pause.mutate(unknown),
      () => sequences.enrolments.query(unknown),
      () => sequences.enrol.mutate({ ...unknown, recipients: [{ number: newPhoneNumber() }] }),
    ])
      expect(await refused(call())).toBe('unknown-sequence')
  })

  test('to a role that does not operate, and about an account that is not its own (E9)', async () => {
    const sequence = await openSequence({ system, rpc: here.rpc }, steps)
    const { accountId, sequenceId } = sequence
    for (const role of ['sender', 'inbound'] as const) {
      await using client = sequenceClient(system, here.url, role)
      expect(await refused(client.rpc.sequences.get.query({ accountId, sequenceId }))).toBe('forbidden')
    }
    const other = await system.newAccount()
    await using client = sequenceClient(system, here.url, 'admin', [other.accountId])
    expect(await refused(client.rpc.sequences.get.query({ accountId, sequenceId }))).toBe('forbidden')
    expect(
      await refused(client.rpc.sequences.cancel.mutate({ accountId: other.accountId, sequenceId })),
    ).toBe('unknown-sequence')
    expect((await sequence.get()).state).toBe('running')
  })
})

test('sequences and enrolments are listed page by page, in order', async () => {
  const account = await system.newAccount()
  const { accountId } = account
  const made: string[] = []
  for (let i = 0; i < 3; i++) {
    const { sequenceId } = await openSequence({ system, rpc: here.rpc, account }, [
      { delayMs: later, text: `Text ${i}.` },
    ])
    made.unshift(sequenceId)
  }
  const first = await here.rpc.sequences.list.query({ accountId, limit: 2 })
  const cursor = first.nextCursor ?? ''
  const second = await here.rpc.sequences.list.query({ accountId, limit: 2, cursor })
  expect([...first.sequences, ...second.sequences].map(({ sequenceId }) => sequenceId)).toEqual(made)
  expect(second.nextCursor).toBeNull()
  const sequenceId = made[0] ?? ''
  const numbers = Array.from({ length: 5 }, () => newPhoneNumber())
  await here.rpc.sequences.enrol.mutate({
    accountId,
    sequenceId,
    recipients: numbers.map((number) => ({ number })),
  })
  const seen: string[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page = await here.rpc.sequences.enrolments.query({
      accountId,
      sequenceId,
      limit: 2,
      ...(after ? { cursor: after } : {}),
    })
    seen.push(...page.rows.map(({ number }) => number))
    after = page.nextCursor
  }
  expect(seen).toEqual(numbers)
  await waitFor(
    async () =>
      (await here.rpc.sequences.get.query({ accountId, sequenceId })).steps[0]?.counts.waiting === 5,
  )
})

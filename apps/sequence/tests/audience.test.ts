import type { ContactsRouter } from '@heed/contacts/router'
import { createRpcClient, refusalReason, signToken } from '@heed/rpc'
import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHere, startSystem } from './start-system.ts'

checkNothingOpen()

const resources = new AsyncDisposableStack()
let system: Awaited<ReturnType<typeof startSystem>>
let here: Awaited<ReturnType<typeof startHere>>
let contacts: ReturnType<typeof createRpcClient<ContactsRouter>>['rpc']
beforeAll(async () => {
  system = resources.use(await startSystem({ others: ['contacts'] }))
  here = resources.use(await startHere(system))
  const { developerKey: key } = system.secrets
  contacts = resources.use(
    createRpcClient<ContactsRouter>({
      url: system.services.urls.contacts ?? '',
      token: () => signToken({ key, role: 'operator', accounts: ['*'], ttlSeconds: 600 }),
      timeoutMs: 10_000,
    }),
  ).rpc
})
afterAll(() => resources.disposeAsync())

test('an audience is enrolled without whom a tag keeps from it, each person once', async () => {
  const { accountId, from } = await system.newAccount()
  const person = async (tags: string[]) => {
    const number = newPhoneNumber()
    await contacts.contacts.create.mutate({ accountId, numbers: [number, newPhoneNumber()], tags })
    return number
  }
  const [vip, kept] = [await person(['VIP']), await person(['vip', 'Blacklist'])]
  const steps = [{ delayMs: 0, text: 'One.' }]
  const { sequenceId } = await here.rpc.sequences.create.mutate({ accountId, from, steps })
  const audience = { listIds: [], tags: ['vip'], excludeTags: ['blacklist'] }
  const enrol = () => here.rpc.sequences.enrolAudience.mutate({ accountId, sequenceId, audience })
  expect(await enrol()).toEqual({ enrolled: 1, known: 0, nextCursor: null })
  expect(await enrol()).toEqual({ enrolled: 0, known: 1, nextCursor: null })
  await waitFor(async () => (await system.carrier.texts(vip)).length === 1, { timeoutMs: 10_000 })
  expect(await system.carrier.texts(kept)).toEqual([])
})

test('an audience with a list that is not there enrols nobody', async () => {
  const { accountId, from } = await system.newAccount()
  const steps = [{ delayMs: 0, text: 'One.' }]
  const { sequenceId } = await here.rpc.sequences.create.mutate({ accountId, from, steps })
  const audience = { listIds: ['ls_0000000000'], tags: [], excludeTags: [] }
  const call = here.rpc.sequences.enrolAudience.mutate({ accountId, sequenceId, audience })
  expect(await call.then(() => null, refusalReason)).toBe('unknown-list')
})

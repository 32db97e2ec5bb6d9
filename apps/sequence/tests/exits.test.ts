import type { ContactsRouter } from '@heed/contacts/router'
import { createRpcClient, refusalReason, signToken } from '@heed/rpc'
import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHere, startSystem } from './start-system.ts'

checkNothingOpen()

const resources = new AsyncDisposableStack()
let system: Awaited<ReturnType<typeof startSystem>>
let here: Awaited<ReturnType<typeof startHere>>
let contacts: ReturnType<typeof createRpcClient<ContactsRouter>>['rpc']
beforeAll(async () => {
  system = resources.use(await startSystem({ others: ['contacts', 'inbound-sms'] }))
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
const soon = { timeoutMs: 15_000 }

async function newAccount() {
  const account = await system.newAccount()
  const carrier = system.services.urls['carrier-sim']
  await fetch(`${carrier}/numbers/${encodeURIComponent(account.from)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ webhookUrl: `${system.services.urls['inbound-sms']}/webhooks/twilio` }),
  })
  return account
}
const says = (number: string, to: string, body: string) =>
  fetch(`${system.services.urls['carrier-sim']}/phones/${encodeURIComponent(number)}/reply`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to, body }),
  })
const rowsOf = async (accountId: Awaited<ReturnType<typeof newAccount>>['accountId'], sequenceId: string) =>
  (await here.rpc.sequences.enrolments.query({ accountId, sequenceId })).rows

describe('a person leaves a sequence', () => {
  test('that ends where they answer, whatever they say, and nobody else does', async () => {
    const { accountId, from } = await newAccount()
    const steps = [
      { delayMs: 0, text: 'Shall we call?' },
      { delayMs: 4_000, text: 'Still there?' },
    ]
    const { sequenceId } = await here.rpc.sequences.create.mutate({
      accountId,
      from,
      steps,
      exitOnReply: true,
    })
    const [answers, silent] = [newPhoneNumber(), newPhoneNumber()]
    const recipients = [{ number: answers }, { number: silent }]
    await here.rpc.sequences.enrol.mutate({ accountId, sequenceId, recipients })
    await waitFor(async () => (await system.carrier.texts(answers)).length === 1, soon)
    await says(answers, from, 'Yes, tomorrow at noon is fine')
    await waitFor(
      async () => (await rowsOf(accountId, sequenceId)).every(({ state }) => state !== 'active'),
      soon,
    )
    const rows = await rowsOf(accountId, sequenceId)
    expect(
      rows.map(({ number, state, reasons }) => [number, state, reasons.map(({ reason }) => reason)]),
    ).toEqual([
      [answers, 'cancelled', ['replied']],
      [silent, 'finished', []],
    ])
    expect(await system.carrier.texts(answers)).toHaveLength(1)
  })

  test('that is kept from a tag, at the step that comes up after they got it', async () => {
    const { accountId, from } = await newAccount()
    const steps = [
      { delayMs: 0, text: 'One.' },
      { delayMs: 4_000, text: 'Two.' },
    ]
    const excludeTags = ['Customer']
    const { sequenceId } = await here.rpc.sequences.create.mutate({ accountId, from, steps, excludeTags })
    const number = newPhoneNumber()
    const { contactId } = await contacts.contacts.create.mutate({ accountId, numbers: [number] })
    await here.rpc.sequences.enrol.mutate({ accountId, sequenceId, recipients: [{ number, contactId }] })
    await waitFor(async () => (await system.carrier.texts(number)).length === 1, soon)
    await contacts.contacts.tag.mutate({ accountId, contactIds: [contactId], add: ['customer'] })
    await waitFor(async () => (await rowsOf(accountId, sequenceId))[0]?.state === 'cancelled', soon)
    expect((await rowsOf(accountId, sequenceId))[0]?.reasons).toMatchObject([{ reason: 'excluded-tag' }])
    expect(await system.carrier.texts(number)).toHaveLength(1)
  })
})

test('who has answered is not known while inbound-sms is away: then the text waits', async () => {
  await using alone = await startHere(system, { INBOUND_URL: 'http://127.0.0.1:9', PORT: '0' })
  await here[Symbol.asyncDispose]()
  const { accountId, from } = await newAccount()
  const steps = [{ delayMs: 0, text: 'One.' }]
  const { sequenceId } = await alone.rpc.sequences.create.mutate({
    accountId,
    from,
    steps,
    exitOnReply: true,
  })
  const number = newPhoneNumber()
  await alone.rpc.sequences.enrol.mutate({ accountId, sequenceId, recipients: [{ number }] })
  const other = await alone.rpc.sequences.create.mutate({ accountId, from, steps })
  const free = newPhoneNumber()
  await alone.rpc.sequences.enrol.mutate({
    accountId,
    sequenceId: other.sequenceId,
    recipients: [{ number: free }],
  })
  await waitFor(async () => (await system.carrier.texts(free)).length === 1, soon)
  expect(await system.carrier.texts(number)).toEqual([])
  here = await startHere(system)
  await waitFor(async () => (await system.carrier.texts(number)).length === 1, soon)
  resources.use(here)
})

test('each step is worded for its person, with a fallback where a field is not known', async () => {
  const { accountId, from } = await newAccount()
  const steps = [{ delayMs: 0, text: 'Hi {{name|there}}, welcome.' }]
  const { sequenceId } = await here.rpc.sequences.create.mutate({ accountId, from, steps })
  const [ann, nobody] = [newPhoneNumber(), newPhoneNumber()]
  const recipients = [{ number: ann, fields: { Name: 'Ann' } }, { number: nobody }]
  await here.rpc.sequences.enrol.mutate({ accountId, sequenceId, recipients })
  await waitFor(async () => (await system.carrier.texts(nobody)).length === 1, soon)
  await waitFor(async () => (await system.carrier.texts(ann)).length === 1, soon)
  expect((await system.carrier.texts(ann))[0]?.body).toBe('Hi Ann, welcome. Reply STOP to opt out')
  expect((await system.carrier.texts(nobody))[0]?.body).toBe('Hi there, welcome. Reply STOP to opt out')
  const broken = here.rpc.sequences.create.mutate({
    accountId,
    from,
    steps: [{ delayMs: 0, text: 'Hi {{name}}' }],
  })
  expect(await broken.then(() => null, refusalReason)).toBe('invalid-input')
})

import { join } from 'node:path'
import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newSid } from './carrier-door.ts'
import { type System, startInbound, startSystem } from './start-system.ts'

checkNothingOpen()

let system: System
let inbound: Awaited<ReturnType<typeof startInbound>>

beforeAll(async () => {
  system = await startSystem()
  inbound = await startInbound(system)
})
afterAll(async () => {
  await inbound[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})

test('a STOP is in the ledger when it is answered with success, and confirmed in the same answer', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const answer = await inbound.text(person, businessNumber, 'Stop!')
  expect(answer.status).toBe(200)
  expect(answer.twiml).toContain('<Message>Acme: you are opted out')
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out', cause: 'keyword' })
})

test('E4: a STOP that is delivered again is one ledger row, and confirmed once', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const MessageSid = newSid()
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => inbound.text(person, businessNumber, 'STOP', { MessageSid })),
  )
  answers.push(await inbound.text(person, businessNumber, 'STOP', { MessageSid }))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(answers.filter(({ twiml }) => twiml.includes('<Message>'))).toHaveLength(1)
  const history = await system.history(accountId, person)
  expect(history).toHaveLength(1)
  expect(history[0]).toMatchObject({
    source: MessageSid,
    message: { text: 'STOP', carrierMessageId: MessageSid },
  })
})

test('a STOP whose carrier replied already is committed and answered with nothing', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const answer = await inbound.text(person, businessNumber, 'Farvel', { OptOutType: 'STOP' })
  expect(answer.twiml).toContain('<Response/>')
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out', cause: 'carrier-keyword' })
})

test.each([
  ['ALTO', 'se ha dado de baja'],
  ['Ya no quiero recibir más mensajes', 'se ha dado de baja'],
  ['Bitte keine Nachrichten mehr', 'Sie sind abgemeldet'],
  ['Please stop texting me', 'you are opted out'],
])('whoever asks for an end is answered once, in their own language: %s', async (body, words) => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  expect((await inbound.text(person, businessNumber, body)).twiml).toContain(words)
  expect((await inbound.text(person, businessNumber, body)).twiml).toContain('<Response/>')
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out' })
})

test('AYUDA is answered in Spanish, and an account’s own words go before the default', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  expect((await inbound.text(person, businessNumber, 'AYUDA')).twiml).toContain('responda ALTO')
  const es = { stop: 'Listo.', start: 'Bienvenido.', help: 'Llame a la tienda.' }
  await system.rpc.accounts.settings.set.mutate({ accountId, settings: { repliesByLanguage: { es } } })
  await expect
    .poll(async () => (await inbound.text(person, businessNumber, 'AYUDA')).twiml)
    .toContain('Llame a la tienda.')
})

test('a keyword of the account opts out as soon as it is set', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  expect((await inbound.text(person, businessNumber, 'Farvel')).status).toBe(200)
  expect(await system.status(accountId, person)).toMatchObject({ state: 'never' })
  await system.rpc.accounts.settings.set.mutate({ accountId, settings: { keywords: { optOut: ['FARVEL'] } } })
  expect((await inbound.text(person, businessNumber, 'Farvel')).twiml).toContain('<Message>')
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out', cause: 'account-keyword' })
})

test('E4: two copies that get the same STOP at once confirm it once', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const dataDir = join(system.folder, 'second-copy')
  await using copy = await startInbound(system, { DATA_DIR: dataDir })
  for (let round = 0; round < 5; round++) {
    const person = newPhoneNumber()
    const more = { MessageSid: newSid() }
    const answers = await Promise.all([
      inbound.text(person, businessNumber, 'STOP', more),
      copy.text(person, businessNumber, 'STOP', more),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers.filter(({ twiml }) => twiml.includes('<Message>'))).toHaveLength(1)
    expect(await system.history(accountId, person)).toHaveLength(1)
  }
})

test('where the carrier replies to keywords, the answers are empty', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  await system.rpc.accounts.settings.set.mutate({ accountId, settings: { keywordReplies: 'carrier' } })
  const person = newPhoneNumber()
  for (const body of ['STOP', 'HELP']) {
    expect((await inbound.text(person, businessNumber, body)).twiml).toContain('<Response/>')
  }
})

test('HELP is answered once for each message, also where the number is blocked', async () => {
  const { businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  await inbound.text(person, businessNumber, 'STOP')
  const MessageSid = newSid()
  const first = await inbound.text(person, businessNumber, 'help', { MessageSid })
  expect(first.twiml).toContain('<Message>Acme: reply STOP to opt out')
  expect((await inbound.text(person, businessNumber, 'help', { MessageSid })).twiml).toContain('<Response/>')
  expect((await inbound.text(person, businessNumber, 'INFO')).twiml).toContain('<Message>')
})

test('every text that arrived is stored once, word for word, and leaves the journal', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  const MessageSid = newSid()
  const messages = system.database.db.collection<{ _id: string; arrivals: number; from: string }>('messages')
  const stored = () => messages.findOne({ _id: `${accountId}/${MessageSid}` })
  const arrive = () => inbound.text(person, businessNumber, 'See you at 5?', { MessageSid })
  await arrive()
  await waitFor(stored)
  // What is repeated while the first is on its way out of the journal is the same arrival.
  const again = await waitFor(async () => {
    await arrive()
    const found = await stored()
    return found && found.arrivals > 1 ? found : null
  })
  expect(again).toMatchObject({
    a: accountId,
    from: person,
    to: businessNumber,
    text: 'See you at 5?',
    intent: 'none',
  })
  expect(await messages.countDocuments({ from: person })).toBe(1)
  await waitFor(async () => (await inbound.metric('heed_inbound_journal_entries')) === 0, {
    timeoutMs: 12_000,
  })
})

test('a STOP to a number that nobody owns is kept, answered with success, and applied when it is added', async () => {
  const businessNumber = newPhoneNumber()
  const person = newPhoneNumber()
  const MessageSid = newSid()
  const answer = await inbound.text(person, businessNumber, 'STOP', { MessageSid })
  expect(answer).toMatchObject({ status: 200, twiml: expect.stringContaining('<Response/>') })
  const kept = system.database.db.collection<{ _id: string }>('kept')
  expect(await kept.findOne({ _id: MessageSid })).toMatchObject({ because: 'unowned', to: businessNumber })
  const { accountId } = await system.newAccount()
  await system.rpc.accounts.addNumber.mutate({ accountId, number: businessNumber })
  await waitFor(async () => (await system.status(accountId, person))?.state === 'out', { timeoutMs: 10_000 })
  await waitFor(async () => (await kept.findOne({ _id: MessageSid })) === null)
})

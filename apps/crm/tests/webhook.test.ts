import { randomBytes } from 'node:crypto'
import { checkNothingOpen, newPhoneNumber, startScriptedServer, waitFor } from '@heed/testkit'
import { Webhook } from 'standardwebhooks'
import { afterAll, expect, test } from 'vitest'
import { startSystem } from './start-system.ts'

checkNothingOpen()

const system = await startSystem()
const crm = await system.startHere()
const ear = await startScriptedServer()
afterAll(async () => {
  await ear[Symbol.asyncDispose]()
  await crm[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})
const soon = { timeoutMs: 10_000 }

async function newLink(url?: string) {
  const account = await system.newAccount()
  const given = { ...account, name: 'Our CRM', ...(url === undefined ? {} : { url }) }
  return { ...account, ...(await crm.rpc.connectWebhook.mutate(given)) }
}

function signed(secret: string, body: string, id = `msg_${randomBytes(8).toString('hex')}`, at = new Date()) {
  const signature = new Webhook(secret).sign(id, at, body)
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
}

test('a signed webhook sends one text, however often it comes, and is answered with what became of it', async () => {
  const { path, secret, accountId } = await newLink()
  const number = newPhoneNumber()
  const body = JSON.stringify({ type: 'text.send', data: { number, text: 'Ready.', actor: 'kim' } })
  const headers = signed(secret, body)
  const first = await crm.post(path, body, headers)
  expect([first.status, first.json]).toMatchObject([200, { messageId: expect.stringMatching(/^tx_/) }])
  await waitFor(async () => (await system.texts(number)).length === 1, soon)
  // A phone may have a text before its result is recorded.
  const again = async () => (await crm.post(path, body, headers)).json
  await waitFor(async () => (await again()).state === 'sent', soon)
  expect(await again()).toMatchObject({ state: 'sent', reasons: [] })
  expect(await system.texts(number)).toHaveLength(1)
  const other = JSON.stringify({ type: 'text.send', data: { number, text: 'Other.' } })
  expect((await crm.post(path, other, signed(secret, other, headers['webhook-id']))).status).toBe(409)
  await system.text(accountId, number, 'STOP')
  const late = await crm.post(path, body, signed(secret, body))
  expect(late.json).toMatchObject({ state: 'suppressed', reasons: [{ reason: 'opt-out' }] })
})

test('a webhook that is forged, late or of another link is refused, and one that does not fit names the field', async () => {
  const { path, secret } = await newLink()
  const other = await newLink()
  const body = JSON.stringify({ type: 'text.send', data: { number: newPhoneNumber(), text: 'Ready.' } })
  const wrong = [
    {},
    signed(other.secret, body),
    signed(secret, `${body} `),
    signed(secret, body, 'old', new Date(Date.now() - 301_000)),
  ]
  for (const headers of wrong) expect((await crm.post(path, body, headers)).status).toBe(401)
  const long = JSON.stringify({ type: 'text.send', data: { number: '555', text: '' } })
  const { status, json } = await crm.post(path, long, signed(secret, long))
  expect([status, json]).toMatchObject([400, { error: { data: { reason: 'invalid-input' } } }])
  const issues = (json.error as { data: { issues: { path: string }[] } }).data.issues
  expect(issues.map((issue) => issue.path)).toEqual(['data.number', 'data.text'])
})

test('a CRM opts a person out, and is told of opt-outs and opt-ins of others, signed and in their order', async () => {
  const { path, secret, accountId } = await newLink(ear.url)
  const [own, number] = [newPhoneNumber(), newPhoneNumber()]
  const body = JSON.stringify({ type: 'contact.opted-out', data: { number: own } })
  expect((await crm.post(path, body, signed(secret, body))).json).toEqual({ outcome: 'opted-out' })
  expect(await system.isOut(accountId, own)).toBe(true)
  await system.text(accountId, number, 'STOP', new Date(Date.now() - 5_000))
  await waitFor(() => ear.requests.length === 1, soon)
  await system.text(accountId, number, 'START')
  await waitFor(() => ear.requests.length === 2, soon)
  const read = ear.requests.map(({ body, headers }) =>
    new Webhook(secret).verify(body, headers as Record<string, string>),
  )
  expect(read).toMatchObject([
    { type: 'contact.opted-out', data: { number } },
    { type: 'contact.opted-in', data: { number } },
  ])
})

test('a signed webhook enrols a person in a sequence once, and not anew where it comes again after an opt-in', async () => {
  const { path, secret, accountId, from } = await newLink()
  const steps = [{ delayMs: 0, text: 'Hi {{name|there}}.' }]
  const { sequenceId } = await system.sequences.create.mutate({ accountId, from, steps })
  const number = newPhoneNumber()
  const data = { sequenceId, number, fields: { name: 'Ann' } }
  const body = JSON.stringify({ type: 'sequence.enrol', data })
  const headers = signed(secret, body)
  await system.text(accountId, number, 'STOP', new Date(Date.now() - 5_000))
  expect((await crm.post(path, body, headers)).json).toEqual({ outcome: 'enrolled' })
  await system.text(accountId, number, 'START')
  expect((await crm.post(path, body, headers)).json).toEqual({ outcome: 'enrolled' })
  const rows = async () => (await system.sequences.enrolments.query({ accountId, sequenceId })).rows
  expect((await rows()).map(({ state }) => state)).toEqual(['suppressed'])
  expect((await crm.post(path, body, signed(secret, body))).json).toEqual({ outcome: 'enrolled' })
  await waitFor(async () => (await system.texts(number)).length === 1, soon)
  expect((await system.texts(number))[0]?.body).toMatch(/^Hi Ann\./)
  const other = JSON.stringify({ type: 'sequence.enrol', data: { ...data, sequenceId: 'sq_0000000000' } })
  const { status, json } = await crm.post(path, other, signed(secret, other))
  expect([status, json]).toMatchObject([400, { error: { data: { reason: 'unknown-sequence' } } }])
})

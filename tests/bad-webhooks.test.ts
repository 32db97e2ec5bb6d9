import { newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
import { carrierAt, newSid, signatureOf, webhook } from '../chaos/outside/carrier.ts'
import { http } from '../chaos/outside/http.ts'
import { startMatrix } from './matrix.ts'

const matrix = await startMatrix()
afterAll(() => matrix[Symbol.asyncDispose]())
const { system, person, business, own, admin, ask, historyOf } = matrix

const form = (said: Record<string, string>) => ({
  MessageSid: newSid(),
  AccountSid: system.secrets.twilioAccountSid,
  From: newPhoneNumber(),
  To: business,
  Body: 'STOP',
  ...said,
})

/** Signed as the carrier does, then posted as these bytes. */
function post(
  signed: Record<string, string>,
  given: { body?: string | Buffer; signature?: string; headers?: Record<string, string>; path?: string } = {},
) {
  const url = system.url('inbound-sms') + (given.path ?? '/webhooks/twilio')
  return http('POST', url, {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': given.signature ?? signatureOf(system.secrets.twilioAuthToken, url, signed),
      ...given.headers,
    },
    body: given.body ?? new URLSearchParams(signed).toString(),
  })
}

const refusedSignatures = async () => {
  const page = await http('GET', `${system.url('inbound-sms')}/metrics`)
  const counted = page.text.split('\n').filter((line) => /^\w*signature/.test(line))
  return counted.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

test('a webhook that the carrier did not sign is answered 403, counted, and changes nothing (D3)', async () => {
  const said = form({})
  const before = await refusedSignatures()
  const wrong = [
    await post(said, { signature: '' }),
    await post(said, { signature: 'AAAA' }),
    await post(said, {
      signature: signatureOf('another-token', `${system.url('inbound-sms')}/webhooks/twilio`, said),
    }),
    await post(said, { body: new URLSearchParams({ ...said, From: person }).toString() }),
    await post(said, { body: `${new URLSearchParams(said)}&Extra=1` }),
    await post(said, { path: '/webhooks/twilio/status', signature: 'AAAA' }),
  ]
  expect(wrong.map(({ status }) => status)).toEqual(wrong.map(() => 403))
  for (const { text } of wrong) {
    expect(JSON.parse(text).error.data).toEqual({ reason: 'wrong-signature' })
    expect(text).not.toMatch(/\d{7}/)
  }
  expect((await refusedSignatures()) - before).toBe(wrong.length)
  expect(await historyOf(own, said.From)).toEqual([])
})
test('a validly signed STOP is never answered 4xx, whatever else the form holds, and blocks (E7, D3)', async () => {
  const odd: Record<string, Record<string, string>> = {
    'many fields that nobody knows': Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`New${i}`, 'x']),
    ),
    'a media field that is no number': { NumMedia: 'two' },
    'an unknown opt-out type': { OptOutType: 'NEVER' },
    'a very long text': { Body: `STOP${' \n'.repeat(5_000)}` },
    'signs and spaces': { Body: '  “Stop!”  ' },
    'another case': { Body: 'sToP' },
    'the carrier’s own reading': { Body: 'no more of this', OptOutType: 'STOP' },
  }
  for (const [what, more] of Object.entries(odd)) {
    const said = form(more)
    const { status } = await post(said)
    expect([what, status]).toEqual([what, 200])
    expect(
      (await historyOf(own, said.From))?.map(({ op }) => op),
      what,
    ).toEqual(['block'])
  }
  const strange: Record<string, Record<string, string>> = {
    'a sender that is no number': { From: 'ACME' },
    'no sender': { From: '' },
    'no business number': { To: '' },
    'a message id that is none': { MessageSid: 'x'.repeat(500) },
  }
  for (const [what, more] of Object.entries(strange)) {
    const { status } = await post(form(more))
    expect(status, what).toBeGreaterThanOrEqual(200)
    expect(status >= 400 && status < 500, `${what}: ${status}`).toBe(false)
  }
  const typed = await post(form({}), { headers: { 'content-type': 'text/plain' } })
  expect(typed.status).toBe(200)
  const named = await post(form({}), { headers: { 'content-type': 'no media type' } })
  expect(named.status).toBe(200)
})

test('a signed STOP that is not UTF-8 is taken; another text that is not is refused (E7, D3)', async () => {
  const latin = (said: Record<string, string>) => {
    const asRead = { ...said, City: 'Orl�ans' }
    const body = Buffer.from(`${new URLSearchParams(said)}&City=Orl%E9ans`)
    return post(asRead, { body })
  }
  const stop = form({})
  expect((await latin(stop)).status).toBe(200)
  expect(await historyOf(own, stop.From)).toHaveLength(1)
  const chat = form({ Body: 'hello' })
  const refused = await latin(chat)
  expect([refused.status, JSON.parse(refused.text).error.data.reason]).toEqual([400, 'not-utf8'])
})

test('a signed STOP to a number that nobody owns is kept and applied when somebody does (E7)', async () => {
  const [from, to] = [newPhoneNumber(), newPhoneNumber()]
  const secrets = system.run.secrets
  const { status } = await webhook(`${system.url('inbound-sms')}/webhooks/twilio`, secrets, {
    from,
    to,
    body: 'STOP',
  })
  expect(status).toBe(200)
  expect(
    (await ask('compliance', 'accounts.addNumber', { accountId: own, number: to }, admin())).status,
  ).toBe(200)
  await waitFor(async () => (await historyOf(own, from))?.length === 1, { timeoutMs: 15_000 })
})

test('what the simulated carrier cannot read it refuses without repeating it (D3)', async () => {
  const carrier = carrierAt(system.url('carrier-sim'))
  const answers = [
    await http('GET', `${system.url('carrier-sim')}/phones/${person.slice(1)}`),
    await http('POST', `${system.url('carrier-sim')}/phones/${encodeURIComponent(person)}/reply`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: business, body: 'STOP', surprise: person }),
    }),
    await carrier.faults([{ kind: 'storm' }]),
    await carrier.routeTo(business, 'ftp://example.com'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400])
  for (const { text } of answers) expect(text).not.toMatch(/\d{7}/)
})

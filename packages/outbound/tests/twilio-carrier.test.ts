import { createGate, type Gate, leaseMs, systemClock } from '@heed/clearance'
import { Epoch } from '@heed/phone'
import { checkNothingOpen, newAccountId, newPhoneNumber } from '@heed/testkit'
import { expect, test } from 'vitest'
import { type AtGate, type CarrierText, twilioCarrier } from '../src/index.ts'
import { accepted, type CarrierServer, carrierServer, httpAnswer } from './carrier-server.ts'

checkNothingOpen()

const text: CarrierText = {
  accountId: newAccountId(),
  number: newPhoneNumber(),
  from: newPhoneNumber(),
  body: 'Hello & goodbye',
  attemptId: 'bc_1-00000001.1',
}
const epoch = Epoch.parse('0123456789abcdef')

function gateWith(reasons: readonly { list: string; since: string; rev: number }[] = []): Gate {
  const gate = createGate({ clock: systemClock() })
  const question = gate.ask([{ accountId: text.accountId, numbers: [text.number] }])
  const verdicts = [{ allowed: reasons.length === 0, reasons: [...reasons] }]
  gate.onAnswer(question, [{ epoch, rev: 5, leaseMs, policy: { v: 1 }, verdicts }])
  return gate
}
/** A verdict as fresh as can be: on a busy machine half a second is not long. */
const passing =
  (gate: () => Gate, given: Pick<CarrierText, 'accountId' | 'number'> = text): AtGate =>
  (write) =>
    gate().pass<void>({ accountId: given.accountId, number: given.number, origin: 'broadcast' }, write)

const carrierAt = (server: CarrierServer) =>
  twilioCarrier({
    baseUrl: server.url,
    accountSid: 'AC0',
    authToken: 'secret',
    publicUrl: 'https://heed.example/in/',
    connectionsMax: 2,
  })

test("a text is created by Twilio's form, and its callback carries the attempt", async () => {
  await using server = await carrierServer({ tls: false, answer: () => accepted() })
  await using carrier = carrierAt(server)
  const handOver = await carrier.handOver(text, passing(gateWith))
  expect(handOver).toMatchObject({
    outcome: 'accepted',
    providerId: `SM${'a'.repeat(32)}`,
    basis: { epoch, rev: 5, late: false },
  })
  const [head = '', body = ''] = server.connections[0]?.requests[0]?.split('\r\n\r\n') ?? []
  expect(head).toContain('POST /2010-04-01/Accounts/AC0/Messages.json HTTP/1.1')
  expect(head.toLowerCase()).toContain(`authorization: basic ${btoa('AC0:secret')}`.toLowerCase())
  expect([...new URLSearchParams(body)]).toEqual([
    ['To', text.number],
    ['From', text.from],
    ['Body', text.body],
    [
      'StatusCallback',
      `https://heed.example/in/webhooks/twilio/status?attempt=${text.attemptId}&account=${text.accountId}`,
    ],
    ['ValidityPeriod', '60'],
  ])
})

test('without a verdict, or with a block, nothing is written', async () => {
  await using server = await carrierServer({ tls: false, answer: () => accepted() })
  await using carrier = carrierAt(server)
  const none = createGate({ clock: systemClock() })
  expect(
    await carrier.handOver(
      text,
      passing(() => none),
    ),
  ).toEqual({ outcome: 'held', why: 'no-verdict' })
  const reasons = [{ list: 'own', since: new Date().toISOString(), rev: 4 }]
  expect(
    await carrier.handOver(
      text,
      passing(() => gateWith(reasons)),
    ),
  ).toEqual({
    outcome: 'suppressed',
    reasons,
    epoch,
    rev: 5,
  })
  expect(server.connections.map(({ bytes }) => bytes)).toEqual([0])
})

test('a clearance for another number writes nothing', async () => {
  await using server = await carrierServer({ tls: false, answer: () => accepted() })
  await using carrier = carrierAt(server)
  const other = { ...text, number: newPhoneNumber() }
  expect((await carrier.handOver(other, passing(gateWith, text))).outcome).toBe('unreachable')
  expect(server.connections.map(({ bytes }) => bytes)).toEqual([0])
})

test('a gate that is asked but not passed through writes nothing', async () => {
  await using server = await carrierServer({ tls: false, answer: () => accepted() })
  await using carrier = carrierAt(server)
  const stolen: AtGate = () =>
    gateWith().pass<void>({ accountId: text.accountId, number: text.number, origin: 'broadcast' }, () => {})
  expect((await carrier.handOver(text, stolen)).outcome).toBe('unreachable')
  expect(server.connections.map(({ bytes }) => bytes)).toEqual([0])
})

test('a process that stands still between gate and first byte marks the text late', async () => {
  await using server = await carrierServer({ tls: false, answer: () => accepted() })
  await using carrier = carrierAt(server)
  const standing: AtGate = (write) => {
    const result = passing(gateWith)(write)
    const until = performance.now() + 60
    while (performance.now() < until);
    return result
  }
  const handOver = await carrier.handOver(text, standing)
  if (handOver.outcome !== 'accepted') throw new Error(handOver.outcome)
  expect(handOver.basis.late).toBe(true)
  expect(handOver.basis.writtenAt - handOver.basis.gatedAt).toBeGreaterThan(50)
})

test('a connection carries many texts, and no more are opened than are lent', async () => {
  await using server = await carrierServer({ tls: false, answer: () => accepted() })
  await using carrier = carrierAt(server)
  const results = await Promise.all(
    Array.from({ length: 20 }, () => carrier.handOver(text, passing(gateWith))),
  )
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']))
  expect(server.connections.length).toBeLessThanOrEqual(2)
})

test("a carrier's wish to wait is kept", async () => {
  await using server = await carrierServer({
    tls: false,
    answer: () => httpAnswer(429, '{"code":20429}', { 'retry-after': '7' }),
  })
  await using carrier = carrierAt(server)
  expect(await carrier.handOver(text, passing(gateWith))).toMatchObject({
    outcome: 'refused',
    code: 20429,
    retryable: true,
    optedOut: false,
    retryAfterMs: 7_000,
  })
})

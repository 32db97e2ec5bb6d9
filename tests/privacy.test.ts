import { serviceNames } from '@heed/local-stack'
import { waitFor } from '@heed/testkit'
import { expect, inject, test } from 'vitest'
import { webhook } from '../chaos/outside/carrier.ts'
import { call, http } from '../chaos/outside/http.ts'
import { listenToAllSubjects } from '../chaos/outside/subjects.ts'
import { makeToken } from '../chaos/outside/token.ts'
import { startWholeSystem } from '../chaos/system/system.ts'
import { openWorld } from '../chaos/system/world.ts'

const numberOf = (block: number, i: number) => `+1555${block}86${String(i).padStart(4, '0')}`

test('while everything fails, no phone number stands in a log, a metric, a subject or the text of an error (D1)', async () => {
  await using system = await startWholeSystem({ servers: 'own' })
  await using world = await openWorld({
    runFile: system.runFile,
    processFolder: inject('processFolder'),
    sink: system.sink,
  })
  const subjects = new Set<string>()
  await using _ = listenToAllSubjects(system.run.natsUrl, (subject) => subjects.add(subject))
  const { carrier, url } = world
  const errors: string[] = []
  const ask = async (service: string, procedure: string, input: unknown) => {
    const answer = await world.ask(service, procedure, input)
    if (answer.status >= 400) errors.push(answer.text)
    return answer
  }
  const accountId = 'private'
  const business = numberOf(2, 1)
  const nobodys = numberOf(2, 2)
  const people = Array.from({ length: 40 }, (_, i) => numberOf(3, i))
  const [first = '', second = '', third = '', fourth = ''] = people
  // Whoever texts a number that nobody owns may be held by a hint to every account, which no event ends.
  const stranger = numberOf(3, 99)
  const numbers = [business, nobodys, stranger, ...people]
  await ask('compliance', 'accounts.create', { accountId, name: 'Private' })
  await ask('compliance', 'accounts.addNumber', { accountId, number: business })
  await carrier.routeTo(business, `${url('inbound-sms')}/webhooks/twilio`)

  // Every way in which the carrier can refuse, be late, or not answer.
  await carrier.faults([
    { kind: '21610', share: 0.2 },
    { kind: '429', share: 0.1 },
    { kind: 'error', share: 0.1 },
    { kind: 'error', status: 400, code: 21_211, share: 0.1 },
    { kind: 'hang', share: 0.1 },
    { kind: 'undelivered', share: 0.1 },
  ])
  const recipients = people.map((number) => ({ number }))
  const texts = { text: `Call ${business}. Reply STOP to opt out.` }
  const made = await ask('campaign', 'broadcasts.create', { accountId, from: business, ...texts, recipients })
  const broadcastId = made.data?.broadcastId
  await ask('campaign', 'broadcasts.start', { accountId, broadcastId })
  const sequence = await ask('sequence', 'sequences.create', {
    accountId,
    from: business,
    steps: [{ delayMs: 0, ...texts }],
  })
  const sequenceId = sequence.data?.sequenceId
  await ask('sequence', 'sequences.enrol', { accountId, sequenceId, recipients })

  // What people text, with a number in it, to us and to nobody; while compliance is there, and while it is not.
  const said = { from: first, to: business, body: `Stop texting ${first}` }
  const unsigned = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'wrong' }
  const tell = async (
    body: string,
    from: string,
    to: string,
    secrets: typeof unsigned = system.run.secrets,
  ) => {
    const answer = await webhook(world.webhookUrl, secrets, { from, to, body })
    if (answer.status >= 400) errors.push(answer.text)
  }
  await tell(said.body, said.from, said.to)
  await tell('STOP', stranger, nobodys)
  await tell('STOP', second, business, unsigned)
  const killing = ['compliance', 'embedded-mongo', 'nats-server', 'carrier-sim'].map((name, i) =>
    world.killAndRestart(name, 600 + i * 300),
  )
  await Promise.all([
    ...killing,
    tell('STOP', third, business),
    tell('START', third, business),
    tell('HELP', fourth, business),
    ask('compliance', 'consent.status', { accountId, numbers: people }),
    ask('compliance', 'consent.optOut', {
      accountId,
      numbers: people.slice(10, 20),
      cause: 'manual',
      source: 'p-1',
    }),
    ask('compliance', 'clearance.check', { asks: [{ accountId, numbers: people }] }),
    ask('campaign', 'broadcasts.create', { accountId, from: business, ...texts, recipients }),
  ])
  await world.ready([...serviceNames], 40_000)

  // What is malformed, with a number wherever one can stand.
  const key = { [first]: first }
  for (const [service, procedure, input] of [
    [
      'compliance',
      'consent.optOut',
      { accountId, numbers: [first.slice(1)], cause: first, source: first, ...key },
    ],
    [
      'compliance',
      'consent.optOut',
      { businessNumber: nobodys, numbers: [first], cause: 'manual', source: 'p-2' },
    ],
    ['compliance', 'accounts.addNumber', { accountId: first, number: `${first}x` }],
    ['compliance', 'consent.list', { accountId, cursor: first, list: first }],
    ['compliance', 'clearance.check', { asks: [{ accountId, numbers: [`${first}00000`], origin: first }] }],
    ['campaign', 'broadcasts.create', { accountId, from: nobodys, ...texts, recipients }],
    ['campaign', 'broadcasts.get', { accountId, broadcastId: first }],
    [
      'sequence',
      'sequences.enrol',
      { accountId, sequenceId, recipients: [{ number: first, contactId: first.repeat(20) }] },
    ],
    ['compliance', first, { accountId }],
  ] as const) {
    expect((await ask(service, procedure, input)).status, procedure).toBeGreaterThanOrEqual(400)
  }
  for (const name of serviceNames) {
    const lost = await http(
      'GET',
      `${url(name)}/${encodeURIComponent(first)}?number=${encodeURIComponent(first)}`,
    )
    errors.push(lost.text)
    const garbled = await call(
      url(name),
      'consent.status',
      `{"number": "${first}`,
      makeToken(system.secrets.developerKey, { role: 'admin', accounts: ['*'] }),
    )
    errors.push(garbled.text)
  }
  const carried = await carrier.reply(first.slice(1), { to: business, body: first })
  expect(carried.status).toBe(0)

  await carrier.faults([])
  const settled = async () => {
    const { data } = await world.ask<{ counts: { waiting: number } }>('campaign', 'broadcasts.get', {
      accountId,
      broadcastId,
    })
    return data?.counts.waiting === 0
  }
  // A hint whose event was lost with NATS holds its number for 60 s.
  await waitFor(settled, { timeoutMs: 90_000, everyMs: 200, what: 'the end of the broadcast' })

  const digits = numbers.map((number) => number.slice(1))
  const telling = (texts: readonly string[]) =>
    texts.filter((text) => digits.some((number) => text.includes(number)))
  const metrics = await Promise.all(
    serviceNames.map(async (name) => (await http('GET', `${url(name)}/metrics`)).text),
  )
  expect(system.lines.filter(({ line }) => line.includes('"level":"warn"')).length).toBeGreaterThan(0)
  expect(telling(system.lines.map(({ name, line }) => `${name}: ${line}`))).toEqual([])
  expect(metrics.every((page) => page.includes('# HELP'))).toBe(true)
  expect(telling(metrics)).toEqual([])
  expect([...subjects].some((subject) => subject === `consent.v1.${accountId}`)).toBe(true)
  expect(telling([...subjects])).toEqual([])
  expect(errors.length).toBeGreaterThan(15)
  expect(telling(errors)).toEqual([])
}, 180_000)

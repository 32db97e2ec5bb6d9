import { consentChanged, consentProvisional } from '@heed/events'
import { consentStream, MalformedEventError } from '@heed/nats'
import { connect } from 'nats'
import { expect, test } from 'vitest'
import { checkNothingOpen, newAccountId, testBus, waitFor } from '../src/index.ts'
import { change } from './events.ts'

checkNothingOpen()

test('an event published twice is stored once, by its message id', async () => {
  await using bus = await testBus()
  const account = newAccountId()
  expect(await bus.publish(consentChanged, account, change(account, 1))).toEqual({ duplicate: false })
  expect(await bus.publish(consentChanged, account, change(account, 1))).toEqual({ duplicate: true })
  const revs: number[] = []
  bus.follow(consentChanged, account, { from: 'start' }, ({ rev }) => void revs.push(rev))
  await bus.publish(consentChanged, account, change(account, 2))
  await waitFor(() => revs.length === 2)
  expect(revs).toEqual([1, 2])
})

test('a stream is made by any number of instances at once, and brought up to its definition', async () => {
  await using bus = await testBus()
  await Promise.all(Array.from({ length: 8 }, () => bus.ensureStream(consentStream)))
  await bus.ensureStream(consentStream)
})

test('a plain subscriber sees stored events and hints of the account it names, or of all', async () => {
  await using bus = await testBus()
  const [account, other] = [newAccountId(), newAccountId()]
  const seen: string[] = []
  using _one = bus.subscribe(consentChanged, account, ({ rev }) => void seen.push(`one ${rev}`))
  using _all = bus.subscribe(consentProvisional, '*', (hint) => {
    if (hint.account === account) seen.push(`hint ${hint.source}`)
  })
  await bus.ping()
  await bus.publish(consentChanged, other, change(other, 7))
  await bus.publish(consentChanged, account, change(account, 1))
  const at = '2025-01-01T12:00:00.000Z'
  const hint = consentProvisional.schema.parse({ v: 1, account, number: '+15555550100', source: 's1', at })
  expect(bus.hint(consentProvisional, account, hint)).toBe(true)
  await waitFor(() => seen.length === 2)
  expect(seen.sort()).toEqual(['hint s1', 'one 1'])
})

test('the instant of an acknowledgement travels beside the event, and is null where none is told', async () => {
  await using bus = await testBus()
  const account = newAccountId()
  const heard: (number | null)[] = []
  using _one = bus.subscribe(
    consentChanged,
    account,
    (_event, beside) => void heard.push(beside.acknowledgedAt),
  )
  await bus.ping()
  await bus.publish(consentChanged, account, change(account, 1), { acknowledgedAt: 1_700_000_000_123 })
  await bus.publish(consentChanged, account, change(account, 2))
  await waitFor(() => heard.length === 2)
  expect(heard).toEqual([1_700_000_000_123, null])
})

test('a malformed event is not published, and the error holds no number', async () => {
  await using bus = await testBus()
  const account = newAccountId()
  const broken = { ...change(account, 1), rev: -1, number: '+15555550123 ' as never }
  const error = await bus.publish(consentChanged, account, broken).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(MalformedEventError)
  expect(String(error)).not.toContain('5555550123')
})

test('a malformed message is dropped by every kind of reader, which go on with the next', async () => {
  await using bus = await testBus()
  const account = newAccountId()
  const seen: string[] = []
  using _subscription = bus.subscribe(consentChanged, account, ({ rev }) => void seen.push(`sub ${rev}`), {
    onMalformed: () => seen.push('malformed'),
  })
  const following = bus.follow(
    consentChanged,
    account,
    { from: 'now' },
    ({ rev }) => void seen.push(`follow ${rev}`),
  )
  await following.opened
  bus.consume(consentChanged, { durable: 'malformed' }, (event) => {
    if (event.account === account) seen.push(`consume ${event.rev}`)
    return 'ack'
  })
  await bus.publish(consentChanged, account, change(account, 1))
  await waitFor(() => seen.length === 3)
  const raw = await connect({ servers: bus.url.replace('nats://', '') })
  for (const text of ['no json', '{"v":1}', '"\\ud800']) raw.publish(consentChanged.subject(account), text)
  await raw.drain()
  await bus.publish(consentChanged, account, change(account, 2))
  await waitFor(() => seen.length === 9)
  expect(seen.slice(3).sort()).toEqual([
    'consume 2',
    'follow 2',
    'malformed',
    'malformed',
    'malformed',
    'sub 2',
  ])
})

test('a follower gets the events in order, and the failing one again until its handler succeeds', async () => {
  await using bus = await testBus()
  const account = newAccountId()
  for (let rev = 1; rev <= 300; rev++) await bus.publish(consentChanged, account, change(account, rev))
  const handled: number[] = []
  let failures = 0
  bus.follow(consentChanged, account, { from: 'start' }, async ({ rev }) => {
    if (rev === 150 && failures++ < 2) throw new Error('not now')
    handled.push(rev)
  })
  await waitFor(() => handled.length === 300)
  expect(handled).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
})

test('an account that is no subject token is refused', async () => {
  await using bus = await testBus()
  const event = change(newAccountId(), 1)
  for (const account of ['', 'a.b', '>', 'a b', '*x']) {
    await expect(async () => bus.publish(consentChanged, account, event)).rejects.toThrow(RangeError)
  }
})

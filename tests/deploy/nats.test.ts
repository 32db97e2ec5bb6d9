import { consentChanged, consentProvisional, deliveryReported } from '@heed/events'
import { BusUnavailableError, connectBus, consentStream } from '@heed/nats'
import { type AccountId, Epoch } from '@heed/phone'
import { newAccountId, newPhoneNumber, testLog, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareStreams } from '../../deploy/prepare.ts'
import { filledEnvironment } from './compose-file.ts'
import { type DeployedNats, publication, refusalOf, startDeployedNats, subscription } from './nats-server.ts'

let nats: DeployedNats

beforeAll(async () => {
  nats = await startDeployedNats(await filledEnvironment())
  await prepareStreams(nats.urlAs('prepare'), testLog(), AbortSignal.timeout(10_000))
})
afterAll(() => nats[Symbol.asyncDispose]())

const busAs = (user: string, log = testLog()) =>
  connectBus({
    url: nats.urlAs(user),
    name: `test-${user}`,
    log,
    signal: AbortSignal.timeout(5_000),
  })

const consentOf = (account: AccountId, rev = 1) => ({
  v: 1 as const,
  account,
  epoch: Epoch.parse('0123456789abcdef'),
  rev,
  number: newPhoneNumber(),
  list: 'own' as const,
  op: 'block' as const,
  cause: 'keyword',
  at: new Date().toISOString(),
  source: 'SM1',
})

const hintOf = (account: AccountId) => ({
  v: 1 as const,
  account,
  number: newPhoneNumber(),
  source: 'SM2',
  at: new Date().toISOString(),
})

const receiptOf = (account: AccountId) => ({
  v: 1 as const,
  account,
  attemptId: 'attempt',
  providerId: newAccountId(),
  status: 'delivered' as const,
  businessNumber: newPhoneNumber(),
  number: newPhoneNumber(),
  at: new Date().toISOString(),
})

test.each(['campaign', 'sequence'])(
  '%s hears what binds and shares what it has to work off',
  async (sender) => {
    const account = newAccountId()
    await using compliance = await busAs('compliance')
    await using inbound = await busAs('inbound-sms')
    await using bus = await busAs(sender)
    const heard: string[] = []
    const hear = (what: string) => (event: { account: string }) => {
      if (event.account === account) heard.push(what)
    }
    const work = (what: string) => (event: { account: string }) => {
      hear(what)(event)
      return 'ack' as const
    }
    using _changes = bus.subscribe(consentChanged, '*', hear('change'))
    using _hints = bus.subscribe(consentProvisional, '*', hear('hint'))
    await using _consent = bus.consume(
      consentChanged,
      { durable: `${sender}_consent` },
      work('change to work off'),
    )
    await using _receipts = bus.consume(deliveryReported, { durable: `${sender}_delivery` }, work('receipt'))
    const queue = bus.workQueue({ stream: `${sender.toUpperCase()}_WORK`, subject: `${sender}.work` })
    await using _jobs = queue.consume({ durable: `${sender}_work` }, ({ key }) => {
      heard.push(key)
      return 'ack'
    })
    await bus.ping()
    await compliance.publish(consentChanged, account, consentOf(account))
    inbound.hint(consentProvisional, account, hintOf(account))
    await inbound.publish(deliveryReported, account, receiptOf(account))
    await queue.wake('a job')
    const all = ['a job', 'change', 'change to work off', 'hint', 'receipt']
    await waitFor(() => heard.length >= all.length)
    expect(heard.sort()).toEqual(all)
  },
)

test('no publication but of compliance is taken for a change of consent', async () => {
  const account = newAccountId()
  for (const user of nats.users.filter((name) => name !== 'compliance')) {
    await using bus = await busAs(user)
    const publishing = bus.publish(consentChanged, account, consentOf(account))
    await expect(publishing, user).rejects.toThrow(BusUnavailableError)
  }
})

test('what binds, what is hinted, what is reported and what wakes workers has one publisher each', async () => {
  const publishers = {
    'consent.v1.a': 'compliance',
    'consent.provisional.a': 'inbound-sms',
    'delivery.v1.a': 'inbound-sms',
    'contacts.v1.a': 'contacts',
    'campaign.work': 'campaign',
    'sequence.work': 'sequence',
  }
  for (const [subject, publisher] of Object.entries(publishers)) {
    expect(await usersWhoMay(publication(subject)), subject).toEqual([publisher])
  }
})

test('nobody purges, deletes, restores or copies a stream, nor administers the server', async () => {
  const subjects = [
    '$JS.API.STREAM.PURGE.CONSENT',
    '$JS.API.STREAM.DELETE.CONSENT',
    '$JS.API.STREAM.MSG.DELETE.CONSENT',
    '$JS.API.STREAM.RESTORE.CONSENT',
    '$JS.API.STREAM.SNAPSHOT.CONSENT',
    '$JS.API.STREAM.PURGE.CAMPAIGN_WORK',
    '$JS.API.STREAM.DELETE.CAMPAIGN_WORK',
    '$JS.API.CONSUMER.DELETE.CONSENT.campaign_consent',
    '$JS.API.ACCOUNT.PURGE.$G',
    '$JS.API.META.LEADER.STEPDOWN',
    '$SYS.REQ.SERVER.PING',
  ]
  for (const subject of subjects) expect(await usersWhoMay(publication(subject)), subject).toEqual([])
})

test('only the preparation changes the definition of a stream of events', async () => {
  for (const stream of ['CONSENT', 'CONTACTS', 'DELIVERY']) {
    expect(await usersWhoMay(publication(`$JS.API.STREAM.UPDATE.${stream}`))).toEqual(['prepare'])
  }
  expect(await usersWhoMay(publication('$JS.API.STREAM.CREATE.CONSENT'))).toEqual(['prepare', 'compliance'])
  await using bus = await busAs('prepare')
  await bus.ensureStream({ ...consentStream, maxAgeMs: consentStream.maxAgeMs / 2 })
  await prepareStreams(nats.urlAs('prepare'), testLog(), AbortSignal.timeout(10_000))
})

test('a service uses a stream whose settings it may not mend as it stands, and raises an alarm', async () => {
  await using prepared = await busAs('prepare')
  await prepared.ensureStream({ ...consentStream, duplicateWindowMs: 60_000 })
  const log = testLog()
  await using bus = await busAs('compliance', log)
  await bus.ensureStream(consentStream)
  await waitFor(() => log.lines.length >= 2)
  const alarms = log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields)
  expect(alarms).toContainEqual(
    expect.objectContaining({ alarm: 'stream-differs', stream: 'CONSENT', settings: ['duplicate_window'] }),
  )
  expect(alarms).toContainEqual(expect.objectContaining({ alarm: 'nats-refused', operation: 'publish' }))
  await prepareStreams(nats.urlAs('prepare'), testLog(), AbortSignal.timeout(10_000))
})

test('a service works off its own consumers and no other', async () => {
  const own = [
    '$JS.API.CONSUMER.CREATE.CONSENT.campaign_consent.consent.v1.*',
    '$JS.API.CONSUMER.MSG.NEXT.DELIVERY.campaign_delivery',
    '$JS.ACK.CAMPAIGN_WORK.campaign_work.1.1.1.1.0',
  ]
  for (const subject of own) expect(await usersWhoMay(publication(subject)), subject).toEqual(['campaign'])
  expect(await usersWhoMay(publication('$JS.API.CONSUMER.CREATE.CONSENT'))).toEqual([])
  expect(await usersWhoMay(publication('$JS.API.CONSUMER.DURABLE.CREATE.CONSENT.campaign_consent'))).toEqual(
    [],
  )
})

test('nobody reads the replies to another, nor subjects that are not its own to hear', async () => {
  for (const user of nats.users) {
    expect(await usersWhoMay(subscription(`_INBOX_${user}.>`))).toEqual([user])
  }
  for (const subject of [
    '>',
    '*.>',
    '_INBOX.>',
    '$JS.>',
    '$SYS.>',
    'delivery.v1.*',
    'contacts.>',
    'consent.>',
    'campaign.work',
  ]) {
    expect(await usersWhoMay(subscription(subject)), subject).toEqual([])
  }
  expect(await usersWhoMay(subscription('consent.v1.*'))).toEqual([
    'campaign',
    'sequence',
    'messages',
    'contacts',
    'crm',
  ])
  expect(await usersWhoMay(subscription('contacts.v1.*'))).toEqual(['sequence'])
})

test('without the right password nobody is let in', async () => {
  const anonymous = `nats://127.0.0.1:${nats.port}`
  expect(await refusalOf(anonymous, '')).toBe('Authorization Violation')
  for (const user of nats.users) {
    const url = new URL(nats.urlAs(user))
    url.password = 'wrong'
    expect(await refusalOf(url.href, ''), user).toBe('Authorization Violation')
  }
})

async function usersWhoMay(statement: string): Promise<string[]> {
  const may: string[] = []
  for (const user of nats.users) {
    const refusal = await refusalOf(nats.urlAs(user), statement)
    if (refusal === null) may.push(user)
    else expect(refusal).toMatch(/^Permissions Violation/)
  }
  return may
}

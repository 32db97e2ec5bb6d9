import { contactsChanged, type EventOf } from '@heed/events'
import type { AccountId } from '@heed/phone'
import { checkNothingOpen, newPhoneNumber, testBus, testDatabase, waitFor } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
import { openChangeStore } from '../src/store/changes.ts'
import { openContactStore } from '../src/store/contacts.ts'
import { tellChanges } from '../src/use-cases/tell-changes.ts'
import { startSystem } from './system.ts'

checkNothingOpen()

const system = await startSystem()
const contacts = await system.startHere()
const bus = await testBus()
afterAll(async () => {
  await contacts[Symbol.asyncDispose]()
  await bus[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})
const { operator, admin } = contacts

type Event = EventOf<typeof contactsChanged>
const hear = (account: AccountId) => {
  const events: Event[] = []
  const subscription = bus.subscribe(contactsChanged, account, (event) => void events.push(event))
  const told = () => events.flatMap((event) => event.contacts)
  return { events, told, [Symbol.dispose]: () => subscription[Symbol.dispose]() }
}
const person = async (accountId: AccountId, tags: string[] = []) =>
  (await operator.contacts.create.mutate({ accountId, name: 'Ann', numbers: [newPhoneNumber()], tags }))
    .contactId

test('what becomes of a person is told once it stands, with tags, and with neither number nor name', async () => {
  const accountId = await system.newAccount()
  using heard = hear(accountId)
  await bus.ping()
  const contactId = await person(accountId, ['VIP'])
  const until = (op: string) =>
    waitFor(() => heard.told().some((one) => one.op === op), { timeoutMs: 10_000 })
  await until('created')
  await operator.contacts.tag.mutate({ accountId, contactIds: [contactId], add: ['Gold', 'vip'] })
  await until('tagged')
  await operator.contacts.edit.mutate({ accountId, contactId, change: { name: 'Bob' } })
  await until('updated')
  const stays = await person(accountId)
  await admin.contacts.merge.mutate({ accountId, contactId, intoId: stays })
  await until('merged')
  await operator.contacts.delete.mutate({ accountId, contactId: stays })
  await until('deleted')
  const of = (op: string) => heard.told().find((one) => one.op === op)
  expect(of('created')).toEqual({ contactId, op: 'created', tags: ['VIP'], added: ['VIP'] })
  expect(of('tagged')).toEqual({ contactId, op: 'tagged', tags: ['VIP', 'Gold'], added: ['Gold'] })
  expect(of('updated')).toEqual({ contactId, op: 'updated', tags: ['VIP', 'Gold'], added: [] })
  expect(of('merged')).toEqual({ contactId, op: 'merged', tags: [], added: [], into: stays })
  expect(of('deleted')).toEqual({ contactId: stays, op: 'deleted', tags: [], added: [] })
  expect(JSON.stringify(heard.events)).not.toMatch(/\+1|Ann|Bob/)
})

test('a page of changes goes on from its cursor without a hole, and from the oldest where the cursor is not known', async () => {
  const accountId = await system.newAccount()
  const ids: string[] = []
  for (let index = 0; index < 3; index++) {
    ids.push(await person(accountId))
    await waitFor(async () => (await told(accountId)).length === index + 1, { timeoutMs: 10_000 })
  }
  const first = await operator.contacts.changes.query({ accountId, limit: 1 })
  const after = first.changes[0]?.cursor
  const rest = await operator.contacts.changes.query({ accountId, after })
  expect(rest).toMatchObject({ anew: false, head: { cursor: rest.changes.at(-1)?.cursor } })
  expect([...first.changes, ...rest.changes].map(({ rev }) => rev)).toEqual([1, 2, 3])
  expect([...first.changes, ...rest.changes].flatMap((one) => one.contacts.map((c) => c.contactId))).toEqual(
    ids,
  )
  const lost = await operator.contacts.changes.query({ accountId, after: '2.0123456789abcdef' })
  expect([lost.anew, lost.changes.length]).toEqual([true, 3])
})

const told = async (accountId: AccountId) =>
  (await operator.contacts.changes.query({ accountId })).changes.flatMap((one) => one.contacts)

test('what a crash leaves untold at any point is told by the next run, by two copies at once without a hole', async () => {
  await using database = await testDatabase('contacts')
  const db = database.connection.db(database.name)
  const [store, changes] = [await openContactStore(db), await openChangeStore(db)]
  const accountId = await system.newAccount()
  const made = Array.from({ length: 230 }, (_, index) => newContact(accountId, index))
  await store.insertMany(made)
  await changes.going({ _id: made[0]?._id ?? '', a: accountId, into: null })
  const published: Event[] = []
  let isDown = true
  const telling = (fails: Partial<typeof store> = {}) =>
    tellChanges({
      contacts: { ...store, ...fails },
      changes,
      publish: async (event) => {
        if (isDown) throw new Error('NATS is away')
        published.push(event)
      },
      newId: () => crypto.randomUUID().replaceAll('-', ''),
      now: () => new Date(),
    })
  const { signal } = new AbortController()
  const crashed = telling({ told: () => Promise.reject(new Error('killed')) })
  await expect(crashed(signal)).rejects.toThrow('killed')
  await expect(telling()(signal)).rejects.toThrow('NATS is away')
  isDown = false
  await Promise.all([telling()(signal), telling()(signal)])
  const all = await changes.after(accountId, 0, 500)
  expect(all.map(({ rev }) => rev)).toEqual(all.map((_, index) => index + 1))
  expect(new Set(published.map(({ rev }) => rev)).size).toBe(all.length)
  const tellings = published.flatMap((event) => event.contacts)
  expect(new Set(tellings.filter(({ op }) => op === 'created').map((c) => c.contactId)).size).toBe(230)
  expect(tellings.some(({ op, contactId }) => op === 'deleted' && contactId === made[0]?._id)).toBe(true)
  expect([await store.untold(1), await changes.gone(1), await changes.unpublished(1)]).toEqual([[], [], []])
  expect(await store.find({ a: accountId, id: made[0]?._id ?? '' })).toBeNull()
})

test('telling changes no version that a person has seen', async () => {
  await using database = await testDatabase('contacts')
  const db = database.connection.db(database.name)
  const [store, changes] = [await openContactStore(db), await openChangeStore(db)]
  const accountId = await system.newAccount()
  const made = newContact(accountId, 1)
  await store.insertMany([made])
  const newId = () => '0123456789abcdef'
  const tell = tellChanges({
    contacts: store,
    changes,
    publish: async () => {},
    newId,
    now: () => new Date(),
  })
  await tell(new AbortController().signal)
  const { tell: _, ...told } = made
  expect(await store.find({ a: accountId, id: made._id })).toEqual(told)
})

function newContact(a: AccountId, index: number) {
  const at = new Date()
  const content = { name: '', zone: null, zip: null, fields: [], numbers: [newPhoneNumber()], tags: ['a'] }
  const keys = { tagKeys: ['a'], fieldKeys: [], words: [], isDnc: false, lists: [], dnc: null }
  const tell = { due: true, v: 1, op: 'created', added: ['a'] } as const
  const _id = `ct_${String(index).padStart(10, '0')}`
  return { ...content, ...keys, _id, a, v: 1, createdAt: at, changedAt: at, optOut: false, tell }
}

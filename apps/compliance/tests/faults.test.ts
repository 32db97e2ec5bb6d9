import { MongoNetworkError, withSession } from '@heed/mongo'
import { newAccountId, newPhoneNumber, testDatabase, waitFor } from '@heed/testkit'
import { describe, expect, test } from 'vitest'
import { type ConsentStores, consentStores, prepareConsentStores } from '../src/store/stores.ts'
import { finishUnfinished } from '../src/use-cases/finish-unfinished.ts'
import { verifyLedgers } from '../src/use-cases/verify-ledger.ts'
import { type Event, instance } from './instance.ts'

type Fault = { at: number; when: 'before' | 'after' }

/** The stores as they are, but for one call that does not arrive, or whose answer does not come back. */
function faulty(stores: ConsentStores, fault: Fault): ConsentStores {
  let calls = 0
  const failing = <T extends object>(store: T): T =>
    new Proxy(store, {
      get: (target, name, receiver) => {
        const method: unknown = Reflect.get(target, name, receiver)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          const isTheOne = ++calls === fault.at
          if (isTheOne && fault.when === 'before') throw new MongoNetworkError('lost on its way')
          const result: unknown = await method.apply(target, args)
          if (isTheOne) throw new MongoNetworkError('the answer was lost')
          return result
        }
      },
    })
  return {
    ...stores,
    heads: failing(stores.heads),
    sources: failing(stores.sources),
    ledger: failing(stores.ledger),
    blocklist: failing(stores.blocklist),
  }
}

const caller = { keyId: 'test', role: 'inbound' as const, actsForAll: true, mayActFor: () => true }
const stop = (
  accountId: ReturnType<typeof newAccountId>,
  number: ReturnType<typeof newPhoneNumber>,
  source: string,
) => ({
  accountId,
  numbers: [number],
  cause: 'keyword',
  source,
  message: {
    text: 'STOP',
    carrier: 'twilio',
    carrierAccount: 'AC1',
    carrierMessageId: source,
    receivedAt: new Date().toISOString(),
  },
})

describe('a STOP stands once, folded and published, whichever call to the database is lost (E3, E4, E7)', () => {
  const faults: Fault[] = Array.from({ length: 14 }, (_, i) => i + 1).flatMap((at) => [
    { at, when: 'before' },
    { at, when: 'after' },
  ])
  test.each(faults)('call $at, $when it was done', async (fault) => {
    await using database = await testDatabase('compliance', 'safety')
    const stores = consentStores(database.client, database.db)
    await prepareConsentStores(stores)
    const clean = instance(database, stores, async () => {})
    const admin = { ...caller, role: 'admin' as const }
    const { accountId } = await clean.useCases.accounts.create(admin, {
      name: 'Acme',
      accountId: newAccountId(),
    })
    const events: Event[] = []
    const publish = async (event: Event) => {
      events.push(event)
    }
    const struck = instance(database, faulty(stores, fault), publish)
    const [one, two] = [newPhoneNumber(), newPhoneNumber()]
    const answer = await struck.useCases.consent.optOut(caller, stop(accountId, one, 'SM1'))
    expect(answer.results).toMatchObject([{ outcome: 'turned', rev: 1 }])
    await struck.useCases.consent.optOut(caller, stop(accountId, two, 'SM2'))
    await struck.settled()
    const other = instance(database, stores, publish)
    await finishUnfinished({ heads: stores.heads, fold: other.fold, relay: other.relay })()
    const head = await stores.heads.readMajority(accountId)
    expect(head).toMatchObject({ rev: 2, folded: 2, published: 2, recent: [] })
    expect(new Set(events.map(({ rev, source }) => `${rev} ${source}`))).toEqual(new Set(['1 SM1', '2 SM2']))
    for await (const report of verifyLedgers(database.db))
      expect(report).toMatchObject({ rows: 2, blocked: 2, faults: [] })
  })
})

test('an import whose commits miss again and again holds up no STOP, and stands in the end', async () => {
  await using database = await testDatabase('compliance', 'safety')
  const stores = consentStores(database.client, database.db)
  await prepareConsentStores(stores)
  let missed = 0
  let mayImport = false
  const heads: ConsentStores['heads'] = {
    ...stores.heads,
    commit: async (basis, entries, priority) => {
      if (priority === 'live' || mayImport) return stores.heads.commit(basis, entries, priority)
      missed += 1
      return false
    },
  }
  const struck = instance(database, { ...stores, heads }, async () => {})
  const { accountId } = await struck.useCases.accounts.create(
    { ...caller, role: 'admin' },
    { name: 'Acme', accountId: newAccountId() },
  )
  const imported = { accountId, numbers: [newPhoneNumber()], cause: 'import', source: 'file-1' }
  const importing = struck.useCases.consent.optOut({ ...caller, role: 'operator' }, imported)
  await waitFor(() => missed > 2)
  const stopped = await struck.useCases.consent.optOut(caller, stop(accountId, newPhoneNumber(), 'SM1'))
  expect(stopped.rev).toBe(1)
  mayImport = true
  expect((await importing).rev).toBe(2)
  await struck.settled()
})

test('two instances that commit at once for one account give out each rev once (E3)', async () => {
  await using database = await testDatabase('compliance', 'safety')
  const stores = consentStores(database.client, database.db)
  await prepareConsentStores(stores)
  const instances = [1, 2, 3].map(() => instance(database, stores, async () => {}))
  const [first] = instances
  const { accountId } = await first!.useCases.accounts.create(
    { ...caller, role: 'admin' },
    { name: 'Acme', accountId: newAccountId() },
  )
  const numbers = Array.from({ length: 60 }, newPhoneNumber)
  const answers = await Promise.all(
    numbers.map((number, i) =>
      instances[i % 3]!.useCases.consent.optOut(caller, stop(accountId, number, `SM${i}`)),
    ),
  )
  expect(answers.map(({ rev }) => rev).sort((a, b) => a - b)).toEqual(numbers.map((_, i) => i + 1))
  await Promise.all(instances.map((each) => each.settled()))
  await waitFor(async () => (await stores.heads.readMajority(accountId))?.folded === 60)
  for await (const report of verifyLedgers(database.db)) expect(report.faults).toEqual([])
})

test('a change that is committed and not folded yet is in the verdict of the next check', async () => {
  await using database = await testDatabase('compliance', 'safety')
  const stores = consentStores(database.client, database.db)
  await prepareConsentStores(stores)
  const { useCases } = instance(database, stores, async () => {})
  const { accountId } = await useCases.accounts.create(
    { ...caller, role: 'admin' },
    { name: 'Acme', accountId: newAccountId() },
  )
  const number = newPhoneNumber()
  const head = await withSession(database.client, (session) =>
    stores.heads.readLinearizable([accountId], session),
  )
  const entry = {
    rev: 1,
    n: number,
    list: 'programme-news',
    op: 'block' as const,
    outcome: 'turned' as const,
    src: 'r1',
    at: new Date(),
  }
  await stores.heads.commit(head.get(accountId)!, [entry], 'live')
  const [answer] = await useCases.check({ asks: [{ accountId, numbers: [number] }] })
  expect(answer).toMatchObject({
    rev: 1,
    verdicts: [{ allowed: false, reasons: [{ list: 'programme-news', rev: 1 }] }],
  })
})

test('a ledger that was altered is found by its chain', async () => {
  await using database = await testDatabase('compliance', 'safety')
  const stores = consentStores(database.client, database.db)
  await prepareConsentStores(stores)
  const { useCases, settled } = instance(database, stores, async () => {})
  const { accountId } = await useCases.accounts.create(
    { ...caller, role: 'admin' },
    { name: 'Acme', accountId: newAccountId() },
  )
  for (const i of [1, 2, 3])
    await useCases.consent.optOut(caller, stop(accountId, newPhoneNumber(), `SM${i}`))
  await settled()
  const ledger = database.db.collection<{ _id: string; at: Date }>('ledger')
  await ledger.updateOne({ _id: `${accountId}/2` }, { $set: { at: new Date(0) } })
  for await (const report of verifyLedgers(database.db))
    expect(report.faults).toEqual(['the chain breaks at rev 2'])
  const sources = database.db.collection<{ _id: string }>('sources')
  await sources.updateOne({ _id: `${accountId}/SM3` }, { $set: { 'message.text': 'Stop it' } })
  for await (const report of verifyLedgers(database.db))
    expect(report.faults).toContain('the message of rev 3 is not the one received')
})

test('`published` is raised over what NATS acknowledged and never over a hole (E11)', async () => {
  await using database = await testDatabase('compliance', 'safety')
  const stores = consentStores(database.client, database.db)
  await prepareConsentStores(stores)
  const refused = new Set([2])
  const acknowledged: number[] = []
  const { useCases, settled, relay } = instance(database, stores, async ({ rev }) => {
    if (refused.has(rev)) throw new Error('no acknowledgement')
    acknowledged.push(rev)
  })
  const admin = { ...caller, role: 'admin' as const }
  const { accountId } = await useCases.accounts.create(admin, { name: 'Acme', accountId: newAccountId() })
  const numbers = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
  await useCases.consent.optOut(admin, { accountId, numbers, cause: 'manual', source: 'r1' })
  await settled()
  expect((await stores.heads.readMajority(accountId))?.published).toBe(1)
  refused.clear()
  await relay.catchUp(accountId)
  expect((await stores.heads.readMajority(accountId))?.published).toBe(3)
  expect(new Set(acknowledged)).toEqual(new Set([1, 2, 3]))
})

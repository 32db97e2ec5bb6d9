import { randomBytes } from 'node:crypto'
import type { consentChanged, EventOf } from '@heed/events'
import { createMetrics, systemClock } from '@heed/service'
import { newAccountId, newPhoneNumber, type TestDatabase, testDatabase, testLog } from '@heed/testkit'
import { expect, test } from 'vitest'
import type { InboundSms, RecalledText } from '../src/clients/inbound-sms.ts'
import { defaultSettings } from '../src/domain/default-settings.ts'
import { complianceMetrics } from '../src/metrics.ts'
import { accountStore } from '../src/store/accounts.ts'
import { epochStore } from '../src/store/epochs.ts'
import { instanceStore } from '../src/store/instances.ts'
import { nationalListStore } from '../src/store/national-lists.ts'
import { restoreStore } from '../src/store/restores.ts'
import { sendingsStore } from '../src/store/sendings.ts'
import { settingsStore } from '../src/store/settings.ts'
import { type ConsentStores, consentStores, prepareConsentStores } from '../src/store/stores.ts'
import { composeUseCases } from '../src/use-cases/compose.ts'
import { foldAccount } from '../src/use-cases/fold-account.ts'
import { type RestoreDeps, restoreEpoch } from '../src/use-cases/restore/restore-epoch.ts'
import { verifyLedgers } from '../src/use-cases/verify-ledger.ts'

type Event = EventOf<typeof consentChanged>
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 20)))
const randomHex = (bytes: number) => randomBytes(bytes).toString('hex')
const caller = { keyId: 'test', role: 'inbound' as const, actsForAll: true, mayActFor: () => true }
const admin = { ...caller, role: 'admin' as const }

/** An authority in this process; what it tells NATS is kept, as a stream would. */
async function openAuthority() {
  await using opening = new AsyncDisposableStack()
  const database = opening.use(await testDatabase('compliance'))
  const stores = consentStores(database.client, database.db)
  await prepareConsentStores(stores)
  const events: Event[] = []
  const { useCases, settled } = composeUseCases({
    stores,
    accounts: accountStore(database.db),
    settings: settingsStore(database.db),
    sendings: sendingsStore(database.db),
    nationalLists: nationalListStore(database.db),
    publish: async (event) => void events.push(event),
    headsPerRead: 200,
    clock: systemClock,
    random: Math.random,
    randomHex,
    raise: () => {},
    wait,
    after: (ms, run) => void setTimeout(run, ms).unref(),
    metrics: complianceMetrics(createMetrics({ withProcess: false })),
    log: testLog(),
  })
  const accountId = newAccountId()
  await useCases.accounts.create(admin, { name: 'Acme', accountId })
  const open = opening.move()
  return {
    database,
    stores,
    events,
    accountId,
    settled,
    optOut: (number: string, source: string, cause = 'keyword') =>
      useCases.consent.optOut(caller, { accountId, ...textOf(number, source, 'STOP'), cause } as never),
    /** A START sent after the STOPs that it names. */
    optIn: (number: string, source: string, stops: readonly string[]) =>
      useCases.consent.optIn(caller, {
        accountId,
        number: number as never,
        ...{ ...textOf(number, source, 'START'), numbers: undefined },
        sentAt: '2025-01-01T12:00:10Z',
        blockTimes: stops.map((stop) => ({ source: stop, sentAt: '2025-01-01T12:00:00Z' })),
      }),
    status: async (number: string) =>
      (await useCases.consent.status({ accountId, numbers: [number as never] }))[0],
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
type Authority = Awaited<ReturnType<typeof openAuthority>>

const textOf = (number: string, source: string, text: string) => ({
  numbers: [number],
  cause: 'keyword',
  source,
  message: {
    text,
    carrier: 'twilio',
    carrierAccount: 'AC1',
    carrierMessageId: source,
    receivedAt: new Date().toISOString(),
  },
})

/** Every document as it is; writing them back is a restore. */
async function backUp({ db }: TestDatabase) {
  const names = ['heads', 'sources', 'ledger', 'blocklist', 'accounts', 'businessNumbers', 'settings']
  const kept = await Promise.all(
    names.map(async (name) => [name, await db.collection(name).find().toArray()] as const),
  )
  return async () => {
    for (const [name, documents] of kept) {
      await db.collection(name).deleteMany({})
      if (documents.length > 0) await db.collection(name).insertMany(documents)
    }
  }
}

function restoreDeps(
  { database, stores }: Authority,
  known: { events: readonly Event[]; texts?: readonly RecalledText[]; stores?: ConsentStores },
): RestoreDeps {
  const safe = known.stores ?? stores
  const all = async function* <T>(things: readonly T[]) {
    yield* things
  }
  const inbound: InboundSms = {
    settled: () => all(known.texts ?? []),
    journaled: () => all([]),
    atCarrier: () => all([]),
  }
  return {
    stores: safe,
    accounts: accountStore(database.db),
    epochs: epochStore(database.db),
    restores: restoreStore(database.db),
    instances: instanceStore(database.db),
    settings: settingsStore(database.db),
    events: () => all(known.events),
    inboundSms: [inbound],
    clock: systemClock,
    randomHex,
    wait,
    fold: foldAccount({ stores: safe, onStopped: () => expect.unreachable() }),
  }
}

async function ledgerOf({ stores, accountId }: Authority) {
  const rows = await stores.ledger.after(accountId, 0, 1_000)
  return rows.map(({ rev, n, list, op, outcome, src, texted }) => ({
    rev,
    n,
    list,
    op,
    outcome,
    src,
    texted,
  }))
}

async function expectWhole({ database }: Authority) {
  for await (const { faults } of verifyLedgers(database.db)) expect(faults).toEqual([])
}

class KilledError extends Error {
  override name = 'KilledError'
}

/** Stores that end the process, as it were, when one call is done and nobody has heard of it. */
function killedAt(stores: ConsentStores, at: number): ConsentStores {
  let calls = 0
  const killing = <T extends object>(store: T): T =>
    new Proxy(store, {
      get: (target, name, receiver) => {
        const method: unknown = Reflect.get(target, name, receiver)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          const isTheOne = ++calls === at
          const result: unknown = await method.apply(target, args)
          if (isTheOne) throw new KilledError()
          return result
        }
      },
    })
  return {
    ...stores,
    heads: killing(stores.heads),
    sources: killing(stores.sources),
    ledger: killing(stores.ledger),
    blocklist: killing(stores.blocklist),
  }
}

test('a restore that is killed at any call and run again makes the ledger that it was, with one new epoch (E3, E4)', {
  timeout: 120_000,
}, async () => {
  await using t = await openAuthority()
  const [early, out, inAgain] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
  await t.optOut(early, 'SM1')
  await t.settled()
  const restore = await backUp(t.database)
  await t.optOut(inAgain, 'SM2')
  await t.optIn(inAgain, 'SM5', ['SM2'])
  await t.optOut(out, 'SM3')
  await t.optOut(out, 'SM4')
  await t.settled()
  const whole = await ledgerOf(t)
  // At least once, in any order, as a stream may tell.
  const events = [...t.events, ...t.events].sort((one, other) => other.rev - one.rev)
  const options = { restoreId: 'r', dryRun: false }
  for (let at = 1, isOver = false; !isOver; at++) {
    await restore()
    const { epoch } = (await t.stores.heads.readMajority(t.accountId))!
    const struck = restoreDeps(t, { events, stores: killedAt(t.stores, at) })
    const ended = await restoreEpoch(struck, options).catch((error: unknown) => error)
    isOver = !(ended instanceof KilledError)
    const half = (await t.stores.heads.readMajority(t.accountId))!
    await restoreEpoch(restoreDeps(t, { events }), options)
    const head = (await t.stores.heads.readMajority(t.accountId))!
    expect(head).toMatchObject({ rev: whole.length, folded: whole.length, published: 0 })
    expect(head.epoch).not.toBe(epoch)
    if (half.restore === 'r') expect(head.epoch).toBe(half.epoch)
    expect(await ledgerOf(t)).toEqual(whole)
    await expectWhole(t)
    if (!isOver) expect(at).toBeLessThan(100)
  }
  expect((await t.status(inAgain))?.state).toBe('in')
  expect((await t.status(out))?.state).toBe('out')
})

test('a lost opt-in does not lift a block that came after the restore, where somebody went on without it (E5)', async () => {
  await using t = await openAuthority()
  const person = newPhoneNumber()
  await t.optOut(person, 'SM1')
  await t.settled()
  const restore = await backUp(t.database)
  await t.optIn(person, 'SM5', ['SM1'])
  await t.settled()
  await restore()
  await wait(5)
  await t.optOut(person, 'SM2')
  await t.settled()
  await restoreEpoch(restoreDeps(t, { events: t.events }), { restoreId: 'r', dryRun: false })
  expect(await t.status(person)).toMatchObject({ state: 'out', blocks: [{ held: 2 }] })
  expect((await ledgerOf(t)).at(-1)).toMatchObject({ src: 'SM5', op: 'keep', outcome: 'stale' })
  await expectWhole(t)
})

test('texts that no event tells of are decided again as they were sent: a STOP blocks, a START lifts only what is older (E5)', async () => {
  await using t = await openAuthority()
  const [out, started, late] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
  const text = (
    number: string,
    source: string,
    intent: 'opt-out' | 'opt-in',
    second: number,
  ): RecalledText => ({
    accountId: t.accountId,
    source,
    number: number as never,
    businessNumber: newPhoneNumber(),
    intent,
    cause: 'keyword',
    onlyIfBlocked: false,
    sentAt: new Date(1_700_000_000_000 + second * 1_000).toISOString(),
    message: textOf(number, source, intent === 'opt-out' ? 'STOP' : 'START').message,
  })
  const texts = [
    text(late, 'L2', 'opt-out', 20),
    text(started, 'S2', 'opt-in', 20),
    text(out, 'O1', 'opt-out', 1),
    text(started, 'S1', 'opt-out', 1),
    text(late, 'L1', 'opt-in', 10),
  ]
  const report = await restoreEpoch(restoreDeps(t, { events: [], texts }), { restoreId: 'r', dryRun: false })
  expect(report.lost).toEqual([{ accountId: t.accountId, fromEvents: 0, fromTexts: 5 }])
  expect((await t.status(out))?.state).toBe('out')
  expect((await t.status(started))?.state).toBe('in')
  expect((await t.status(late))?.state).toBe('out')
  await expectWhole(t)
})

test('opt-outs read from free text wait for a person again after a restore, unless the account goes without', async () => {
  await using t = await openAuthority()
  const [heard, keyword] = [newPhoneNumber(), newPhoneNumber()]
  const restore = await backUp(t.database)
  await t.optOut(heard, 'SM1', 'inferred-no-more')
  await t.optOut(keyword, 'SM2')
  await t.settled()
  const afterRestore = async (likelyOptOuts: 'review' | 'suppress') => {
    await restore()
    await t.database.db.collection('reviews').deleteMany({})
    const settings = { ...defaultSettings('Acme'), likelyOptOuts }
    await settingsStore(t.database.db).add(t.accountId, 1, { settings, at: new Date(), by: 'test' })
    await restoreEpoch(restoreDeps(t, { events: t.events }), { restoreId: likelyOptOuts, dryRun: false })
    expect((await t.status(heard))?.state).toBe('out')
    const open = await t.stores.reviews.page(t.accountId, { state: 'open', limit: 10 })
    return open.map(({ src, n }) => ({ src, n }))
  }
  expect(await afterRestore('review')).toEqual([{ src: 'SM1', n: heard }])
  expect(await afterRestore('suppress')).toEqual([])
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAsker, createGate, systemClock, systemScheduler } from '@heed/clearance'
import type { ComplianceRouter } from '@heed/compliance/router'
import { consentChanged } from '@heed/events'
import { generateSecrets, openProcessGroup, repository, stackConfig, startServices } from '@heed/local-stack'
import { connectMongo, databaseName } from '@heed/mongo'
import { connectBus } from '@heed/nats'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { createRpcClient, signToken } from '@heed/rpc'
import { newAccountId, newPhoneNumber, ownMongo, ownNats, testLog, waitFor } from '@heed/testkit'
import { expect, test } from 'vitest'
import { carrierAt } from '../chaos/outside/carrier.ts'

const databaseId = 'restored'

/** Compliance on a database of its own, so that it alone goes back; inbound-sms and the carrier beside it. */
async function startDeployment(names: readonly string[]) {
  await using opening = new AsyncDisposableStack()
  const [consent, others, nats] = await Promise.all([ownMongo(), ownMongo(), ownNats()])
  for (const server of [consent, others, nats]) opening.use(server)
  const folder = mkdtempSync(join(tmpdir(), 'heed-restore-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const group = opening.use(await openProcessGroup(join(folder, 'processes')))
  const secrets = await generateSecrets()
  const services = opening.use(
    await startServices({
      config: stackConfig(),
      mongodbUrl: others.url,
      natsUrl: nats.url,
      secrets,
      dataRoot: join(folder, 'data'),
      databaseId,
      names,
      group,
      extra: { compliance: { MONGODB_URL: consent.url } },
    }),
  )
  const url = services.urls.compliance ?? ''
  const { rpc } = opening.use(
    createRpcClient<ComplianceRouter>({
      url,
      token: () => signToken({ key: secrets.developerKey, role: 'admin', accounts: ['*'], ttlSeconds: 600 }),
      timeoutMs: 10_000,
    }),
  )
  const mongo = opening.use(
    await connectMongo({ url: consent.url, appName: 'heed-test', purpose: 'ordinary' }),
  )
  const db = mongo.db(databaseName('compliance', databaseId))
  const backup = join(folder, 'backup')
  const open = opening.move()
  const tool = (file: string, args: readonly string[]) =>
    spawn(process.execPath, [join(repository, 'apps/compliance/src', file), ...args], {
      env: {
        PATH: process.env.PATH,
        MONGODB_URL: consent.url,
        NATS_URL: nats.url,
        INBOUND_SMS_URLS: services.urls['inbound-sms'],
        TOKEN_PRIVATE_KEY: JSON.stringify(secrets.developerKey),
        DATABASE_ID: databaseId,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  return {
    rpc,
    url,
    nats,
    services,
    consent,
    secrets,
    carrier: carrierAt(services.urls['carrier-sim'] ?? ''),
    tool,
    async run(file: string, ...args: string[]) {
      const child = tool(file, args)
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
      const [code] = await once(child, 'close')
      return { code, output }
    },
    async backUp() {
      await consent.kill()
      cpSync(consent.dataDir, backup, { recursive: true })
      await consent.start()
    },
    async restore() {
      await services.service('compliance').kill('SIGKILL')
      await consent.kill()
      rmSync(consent.dataDir, { recursive: true })
      cpSync(backup, consent.dataDir, { recursive: true })
      await consent.start()
    },
    async newAccount(): Promise<{ accountId: AccountId; businessNumber: PhoneNumber }> {
      const accountId = newAccountId()
      const businessNumber = newPhoneNumber()
      await rpc.accounts.create.mutate({ name: 'Acme', accountId })
      await rpc.accounts.addNumber.mutate({ accountId, number: businessNumber })
      const inbound = services.urls['inbound-sms']
      if (inbound) await this.carrier.routeTo(businessNumber, `${inbound}/webhooks/twilio`)
      return { accountId, businessNumber }
    },
    heads: () =>
      db
        .collection<HeadSeen>('heads')
        .find({ _id: { $ne: '$lists' } }, { sort: { _id: 1 } })
        .toArray(),
    isRestoring: async () =>
      (await db.collection('restores').countDocuments({ endedAt: { $exists: false } })) > 0,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

interface HeadSeen {
  _id: string
  epoch: string
  rev: number
  published: number
  restore?: string
}
test('E3, E4, E5, E10, E11: after a restore, killed half way and run again, every acknowledged change stands again', {
  timeout: 600_000,
}, async () => {
  await using t = await startDeployment(['compliance', 'inbound-sms', 'carrier-sim'])
  const [a, b] = [await t.newAccount(), await t.newAccount()]
  /** Says it and waits until it stands: a busy machine may answer the carrier with 503 first. */
  const say = async (
    person: PhoneNumber,
    { accountId, businessNumber }: { accountId: AccountId; businessNumber: PhoneNumber },
    body: string,
  ) => {
    const { messageSid } = await t.carrier.reply(person, { to: businessNumber, body })
    const stands = async () => {
      const changes = await t.rpc.consent.history.query({ accountId, number: person })
      return changes.some(({ source }) => source === messageSid)
    }
    await waitFor(stands, { timeoutMs: 40_000 })
    return messageSid ?? ''
  }
  const status = async (accountId: AccountId, number: PhoneNumber) =>
    (await t.rpc.consent.status.query({ accountId, numbers: [number] }))[0]

  const [early, lifted, back] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
  await say(early, a, 'STOP')
  await say(lifted, a, 'STOP')
  await say(back, a, 'STOP')
  // `published` is raised a moment after NATS has acknowledged; `before` is to be what the backup holds.
  const isTold = async () => (await t.heads()).every(({ rev, published }) => rev === published)
  await waitFor(isTold)
  await t.backUp()
  await waitFor(async () => (await status(a.accountId, early))?.state === 'out', { timeoutMs: 40_000 })
  const before = await t.heads()

  // What the backup does not have: texts, work by hand, an import, a number and an account.
  const seen = await status(a.accountId, lifted)
  const people = Array.from({ length: 6 }, newPhoneNumber)
  const sids = []
  for (const person of people) sids.push(await say(person, a, 'STOP'))
  const imported = Array.from({ length: 150 }, newPhoneNumber)
  for (let from = 0; from < imported.length; from += 50) {
    await t.rpc.consent.optOut.mutate({
      accountId: b.accountId,
      numbers: imported.slice(from, from + 50),
      cause: 'import',
      source: `import-${from}`,
      actor: 'kim',
    })
  }
  await t.rpc.consent.optOut.mutate({
    accountId: a.accountId,
    numbers: [back],
    list: 'dnc',
    cause: 'manual',
    source: 'dnc-1',
  })
  // A second or more after their STOP by the carrier's clock, so that it counts.
  await waitFor(
    async () => {
      await say(lifted, a, 'START')
      return (await status(a.accountId, lifted))?.state === 'in'
    },
    { timeoutMs: 30_000, everyMs: 1_100 },
  )
  await say(back, a, 'STOP')
  const c = await t.newAccount()
  const stranger = newPhoneNumber()
  await say(stranger, c, 'STOP')
  // Everything so far is on NATS; one more STOP is not.
  await waitFor(isTold)
  await t.nats.kill()
  const untold = newPhoneNumber()
  await say(untold, a, 'STOP')
  const after = await t.heads()

  await t.restore()
  await t.nats.start()
  expect((await t.heads()).map(({ rev }) => rev)).toEqual(before.map(({ rev }) => rev))
  const dry = await t.run('restore-epoch.ts', '--dry-run')
  expect(dry.output).toContain('nothing was written')
  expect(await t.heads()).toEqual(before)

  const killed = t.tool('restore-epoch.ts', ['--restore-id', 'once'])
  await waitFor(async () => (await t.heads()).some(({ restore }) => restore === 'once'), {
    timeoutMs: 60_000,
  })
  killed.kill('SIGKILL')
  await once(killed, 'close')
  const half = await t.heads()
  const done = await t.run('restore-epoch.ts', '--restore-id', 'once')
  expect(done.output).toContain('start compliance')
  expect(done).toMatchObject({ code: 0 })
  const whole = await t.heads()
  for (const { _id, epoch } of half.filter(({ restore }) => restore === 'once'))
    expect(whole.find((head) => head._id === _id)?.epoch).toBe(epoch)
  for (const { _id, epoch } of before) expect(whole.find((head) => head._id === _id)?.epoch).not.toBe(epoch)
  await t.services.service('compliance').restart()
  const states = async (accountId: AccountId, numbers: PhoneNumber[]) =>
    new Set((await t.rpc.consent.status.query({ accountId, numbers })).map(({ state }) => state))
  expect(await states(a.accountId, [early, back, untold, ...people])).toEqual(new Set(['out']))
  expect(await states(b.accountId, imported)).toEqual(new Set(['out']))
  expect(await status(c.accountId, stranger)).toMatchObject({ state: 'out' })
  expect(await status(a.accountId, lifted)).toMatchObject({ state: 'in' })
  expect((await status(a.accountId, back))?.blocks.map(({ list }) => list).sort()).toEqual(['dnc', 'own'])
  expect((await t.rpc.accounts.get.query({ accountId: c.accountId })).numbers).toEqual([c.businessNumber])
  // As many changes as there were, none twice (E3, E4).
  expect(whole.map(({ _id, rev }) => ({ _id, rev }))).toEqual(after.map(({ _id, rev }) => ({ _id, rev })))
  const [proof] = await t.rpc.consent.history.query({ accountId: a.accountId, number: people[0]! })
  expect(proof).toMatchObject({
    source: sids[0],
    businessNumber: a.businessNumber,
    message: { text: 'STOP' },
  })
  const repeated = await t.rpc.consent.optOut.mutate({
    accountId: b.accountId,
    numbers: imported.slice(0, 50),
    cause: 'import',
    source: 'import-0',
  })
  expect(repeated.results.every(({ replayed }) => replayed)).toBe(true)
  // By hand, on what was seen before the restore: another epoch (E5).
  const hand = { accountId: a.accountId, number: early, cause: 'manual', source: 'hand-1', note: 'asked' }
  const basis = { epoch: before.find(({ _id }) => _id === a.accountId)!.epoch as never, rev: seen!.rev! }
  const stale = await t.rpc.consent.optIn.mutate({ ...hand, basis }).catch((error) => error)
  expect(stale.outcome ?? stale.data?.reason).toMatch(/stale|texted-opt-out/)
  await expectComplete(t, a.accountId)
  const verified = await t.run('verify-ledger.ts')
  expect(verified.output).toContain(' 0 faults')
  expect(verified.code).toBe(0)
})

/** A subscriber that knew the old epoch hears of the new one, and comes to hold the fold of the ledger (E11). */
async function expectComplete(t: Awaited<ReturnType<typeof startDeployment>>, accountId: AccountId) {
  await using bus = await connectBus({ url: t.nats.url, name: 'heed-test', log: testLog() })
  const heard = new Set<string>()
  const { epoch, rev, changes } = await t.rpc.consent.changes.query({ accountId, after: 0, limit: 1_000 })
  await waitFor(
    async () => {
      for await (const event of bus.stored(consentChanged, 'test')) heard.add(`${event.epoch} ${event.rev}`)
      return heard.has(`${epoch} ${rev}`)
    },
    { timeoutMs: 30_000, everyMs: 200 },
  )
  expect(changes.map((change) => change.rev)).toEqual(Array.from({ length: rev }, (_, i) => i + 1))
  const fold = new Map<string, boolean>()
  for (const { number, list, op } of changes) if (op !== 'keep') fold.set(`${number}/${list}`, op === 'block')
  const { rows } = await t.rpc.consent.list.query({ accountId, limit: 1_000 })
  const blocked = [...fold].filter(([, isBlocked]) => isBlocked).map(([key]) => key)
  expect(rows.map(({ number, list }) => `${number}/${list}`).sort()).toEqual(blocked.sort())
}

test('a restore is not begun while an instance serves, and none serves before a restore is finished', {
  timeout: 600_000,
}, async () => {
  await using t = await startDeployment(['compliance'])
  await t.newAccount()
  const before = await t.heads()
  const refused = await t.run('restore-epoch.ts', '--without', 'inbound-sms')
  expect(refused.output).toContain('compliance serves')
  expect(refused.code).toBe(1)
  expect(await t.heads()).toEqual(before)
  await t.services.service('compliance').kill('SIGKILL')
  const killed = t.tool('restore-epoch.ts', ['--without', 'inbound-sms', '--restore-id', 'x'])
  await waitFor(t.isRestoring, { timeoutMs: 60_000 })
  killed.kill('SIGKILL')
  await once(killed, 'close')
  await expect(t.services.service('compliance').restart()).rejects.toThrow('restore x is not finished')
  const finished = await t.run('restore-epoch.ts', '--without', 'inbound-sms', '--restore-id', 'x')
  expect(finished.code).toBe(0)
  await t.services.service('compliance').restart()
})

test('a rollback that nobody announced is refused by a sender that has seen more, and alarmed', {
  timeout: 600_000,
}, async () => {
  await using t = await startDeployment(['compliance'])
  const { accountId } = await t.newAccount()
  const [early, late, other] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
  const stop = (number: PhoneNumber, source: string) =>
    t.rpc.consent.optOut.mutate({ accountId, numbers: [number], cause: 'manual', source })
  await stop(early, 's1')
  await t.backUp()
  await waitFor(
    async () =>
      stop(late, 's2').then(
        () => true,
        () => false,
      ),
    { timeoutMs: 40_000 },
  )

  const alarms: string[] = []
  const gate = createGate({ clock: systemClock(), hooks: { onAlarm: ({ kind }) => alarms.push(kind) } })
  await using asker = createAsker({
    gate,
    check: (input, signal) => t.rpc.clearance.check.query(input, { signal }),
    scheduler: systemScheduler(),
    random: Math.random,
  })
  const ask = async () => (await asker.prepare(accountId, [late, other])).reason
  const pass = (number: PhoneNumber) =>
    gate.pass({ accountId, number, origin: 'broadcast' }, () => {}).outcome
  /** Asks until the gate knows: on a busy machine a verdict may have expired before it is used. */
  const judge = async (number: PhoneNumber) => {
    const outcomes: string[] = []
    const judged = async () => {
      if ((await ask()) === null) outcomes.push(pass(number))
      return outcomes.some((outcome) => outcome !== 'hold')
    }
    await waitFor(judged, { timeoutMs: 40_000 })
    return outcomes.at(-1)
  }
  expect(await judge(late)).toBe('suppressed')

  await t.restore()
  await t.services.service('compliance').restart()
  await waitFor(async () => (await ask()) === 'rollback', { timeoutMs: 40_000 })
  expect(alarms).toContain('rollback')
  expect([pass(late), pass(other)]).toEqual(['hold', 'hold'])

  await t.services.service('compliance').kill('SIGTERM')
  expect((await t.run('restore-epoch.ts', '--without', 'inbound-sms')).code).toBe(0)
  await t.services.service('compliance').restart()
  expect([await judge(late), await judge(other)]).toEqual(['suppressed', 'passed'])
})

import { consentChanged, type EventOf } from '@heed/events'
import { refusalReason } from '@heed/rpc'
import { newPhoneNumber, waitFor } from '@heed/testkit'
import { describe, expect, test } from 'vitest'
import { verifyLedgers } from '../src/use-cases/verify-ledger.ts'
import { startTestCompliance, textedStop } from './start-compliance.ts'

const reason = (wanted: string) => (error: unknown) => refusalReason(error) === wanted
const check = async (t: Awaited<ReturnType<typeof startTestCompliance>>, accountId: never, number: never) => {
  const [answer] = await t.rpc.sender.clearance.check.query({ asks: [{ accountId, numbers: [number] }] })
  if (!answer || 'error' in answer) throw new Error(`no verdict: ${JSON.stringify(answer)}`)
  return answer.verdicts[0]
}

describe('an opt-out', () => {
  test('of a number that nobody knows binds the next check', async () => {
    await using t = await startTestCompliance()
    const { accountId, businessNumber } = await t.newAccount()
    const number = newPhoneNumber()
    expect((await check(t, accountId as never, number as never))?.allowed).toBe(true)
    const answer = await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...textedStop(number, 'SM1') })
    expect(answer).toMatchObject({
      accountId,
      rev: 1,
      results: [{ number, list: 'own', outcome: 'turned', rev: 1, replayed: false }],
    })
    expect(answer.confirmation).toContain('Acme')
    expect(await check(t, accountId as never, number as never)).toMatchObject({
      allowed: false,
      reasons: [{ list: 'own', rev: 1 }],
    })
  })

  test('repeated with its source gets the first answer and no second confirmation (E4)', async () => {
    await using t = await startTestCompliance()
    const { businessNumber } = await t.newAccount()
    const stop = { businessNumber, ...textedStop(newPhoneNumber(), 'SM1') }
    const answers = await Promise.all([1, 2, 3, 4].map(() => t.rpc.inbound.consent.optOut.mutate(stop)))
    expect(answers.map(({ rev }) => rev)).toEqual([1, 1, 1, 1])
    expect(answers.filter(({ confirmation }) => confirmation !== null)).toHaveLength(1)
    expect((await t.rpc.inbound.consent.optOut.mutate(stop)).results[0]?.replayed).toBe(true)
  })

  test('of one account is nothing to another that texts the same number (E9)', async () => {
    await using t = await startTestCompliance()
    const [a, b] = [await t.newAccount(), await t.newAccount()]
    const number = newPhoneNumber()
    await t.rpc.operator.consent.optOut.mutate({
      accountId: a.accountId,
      numbers: [number],
      cause: 'manual',
      source: 'r1',
      actor: 'kim',
    })
    expect((await check(t, b.accountId as never, number as never))?.allowed).toBe(true)
    expect(
      (await t.rpc.operator.consent.status.query({ accountId: b.accountId, numbers: [number] }))[0]?.state,
    ).toBe('never')
  })

  test('is told on NATS once it stands, with a dense rev', async () => {
    await using t = await startTestCompliance()
    const { accountId, businessNumber } = await t.newAccount()
    const events: EventOf<typeof consentChanged>[] = []
    using _subscription = t.bus.subscribe(consentChanged, accountId, (event) => {
      events.push(event)
    })
    await t.bus.ping()
    const number = newPhoneNumber()
    await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...textedStop(number, 'SM1') })
    await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...textedStop(number, 'SM2') })
    await waitFor(() => events.length === 2)
    expect(events).toMatchObject([
      {
        v: 1,
        account: accountId,
        rev: 1,
        number,
        list: 'own',
        op: 'block',
        cause: 'keyword',
        businessNumber,
        source: 'SM1',
      },
      { rev: 2, source: 'SM2' },
    ])
  })

  test('of 64 numbers is one commit, and 65 or none are refused', async () => {
    await using t = await startTestCompliance()
    const { accountId } = await t.newAccount()
    const numbers = [...new Set(Array.from({ length: 80 }, newPhoneNumber))].slice(0, 65)
    const opt = (some: typeof numbers) =>
      t.rpc.operator.consent.optOut.mutate({
        accountId,
        numbers: some,
        cause: 'import',
        source: 'import-1:1',
      })
    await expect(opt(numbers)).rejects.toSatisfy(reason('invalid-input'))
    await expect(opt([])).rejects.toSatisfy(reason('invalid-input'))
    expect((await opt(numbers.slice(0, 64))).rev).toBe(64)
  })

  test('by a sender reaches the list of the carrier alone, and `dnc` takes an admin', async () => {
    await using t = await startTestCompliance()
    const { accountId } = await t.newAccount()
    const numbers = [newPhoneNumber()]
    const base = { accountId, numbers, cause: 'carrier-refusal', source: 'a1' }
    await expect(t.rpc.sender.consent.optOut.mutate(base)).rejects.toSatisfy(reason('forbidden'))
    await expect(t.rpc.operator.consent.optOut.mutate({ ...base, list: 'dnc' })).rejects.toSatisfy(
      reason('forbidden'),
    )
    await t.rpc.sender.consent.optOut.mutate({ ...base, list: 'carrier' })
    const [status] = await t.rpc.operator.consent.status.query({ accountId, numbers })
    expect(status).toMatchObject({ state: 'never', blocks: [{ list: 'carrier' }] })
  })

  test.each([
    ['an unknown account', { accountId: 'nobody' }, 'unknown-account'],
    ['an unknown business number', { businessNumber: '+15550009999' }, 'unknown-business-number'],
    ['neither of both', {}, 'invalid-input'],
  ])('for %s is a typed refusal, and nothing is written', async (_what, whose, wanted) => {
    await using t = await startTestCompliance()
    const input = { ...whose, ...textedStop(newPhoneNumber(), 'SM1') } as never
    await expect(t.rpc.inbound.consent.optOut.mutate(input)).rejects.toSatisfy(reason(wanted))
    expect(await t.database.db.collection('sources').findOne({})).toBeNull()
    expect(await t.database.db.collection('heads').findOne({ rev: { $gt: 0 } })).toBeNull()
  })
})

describe('an opt-in', () => {
  const start = (number: string, source: string, sentAt: string, times: Record<string, string> = {}) => ({
    number: number as never,
    cause: 'keyword',
    source,
    sentAt,
    blockTimes: Object.entries(times).map(([src, at]) => ({ source: src, sentAt: at })),
    message: {
      text: 'START',
      carrier: 'twilio',
      carrierAccount: 'AC1',
      carrierMessageId: source,
      receivedAt: new Date().toISOString(),
    },
  })

  test('by a later START lifts the block, an earlier one leaves it (E5)', async () => {
    await using t = await startTestCompliance()
    const { accountId, businessNumber } = await t.newAccount()
    const number = newPhoneNumber()
    await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...textedStop(number, 'SM1') })
    const times = { SM1: '2026-01-01T00:00:10Z' }
    const early = await t.rpc.inbound.consent.optIn.mutate({
      businessNumber,
      ...start(number, 'SM2', '2026-01-01T00:00:10Z', times),
    })
    expect(early).toMatchObject({ outcome: 'stale', reply: null })
    const late = await t.rpc.inbound.consent.optIn.mutate({
      businessNumber,
      ...start(number, 'SM3', '2026-01-01T00:00:11Z', times),
    })
    expect(late).toMatchObject({ outcome: 'lifted', rev: 3, reply: expect.stringContaining('opted in') })
    expect((await check(t, accountId as never, number as never))?.allowed).toBe(true)
    expect((await t.rpc.operator.consent.status.query({ accountId, numbers: [number] }))[0]).toMatchObject({
      state: 'in',
      blocks: [],
    })
  })

  test('by hand names the block seen and why, and leaves what the person texted', async () => {
    await using t = await startTestCompliance()
    const { accountId, businessNumber } = await t.newAccount()
    const [ticked, texted] = [newPhoneNumber(), newPhoneNumber()]
    const made = await t.rpc.operator.consent.optOut.mutate({
      accountId,
      numbers: [ticked],
      cause: 'manual',
      source: 'r1',
      actor: 'kim',
    })
    await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...textedStop(texted, 'SM1') })
    const lift = (number: typeof ticked, rev: number, note?: string) =>
      t.rpc.admin.consent.optIn.mutate({
        accountId,
        number,
        cause: 'manual',
        source: `h-${number}-${rev}`,
        basis: { epoch: made.epoch, rev },
        actor: 'lee',
        ...(note ? { note } : {}),
      })
    await expect(lift(ticked, 1)).rejects.toSatisfy(reason('basis-needed'))
    await expect(lift(texted, 2, 'asked by phone')).rejects.toSatisfy(reason('texted-opt-out'))
    expect((await lift(ticked, 9, 'asked by phone')).outcome).toBe('stale')
    expect((await lift(ticked, 1, 'asked by phone')).outcome).toBe('lifted')
  })
})

describe('what stands', () => {
  test("shows each change with the message as received, who, when, the business number and the carrier's id", async () => {
    await using t = await startTestCompliance()
    const { accountId, businessNumber } = await t.newAccount()
    const number = newPhoneNumber()
    await t.rpc.inbound.consent.optOut.mutate({
      businessNumber,
      ...textedStop(number, 'SM1', { text: ' Stop.\n' }),
    })
    await t.rpc.operator.consent.optOut.mutate({
      accountId,
      numbers: [number],
      cause: 'manual',
      source: 'r1',
      actor: 'kim',
      note: 'called us',
    })
    expect(await t.rpc.operator.consent.history.query({ accountId, number })).toMatchObject([
      {
        rev: 1,
        op: 'block',
        outcome: 'turned',
        businessNumber,
        message: { text: ' Stop.\n', carrierMessageId: 'SM1' },
      },
      { rev: 2, op: 'keep', outcome: 'known', actor: 'kim', note: 'called us', message: null },
    ])
  })

  test('is the same by changes, by list and by the chain of the ledger, from rev 1 without holes (E3, E11)', async () => {
    await using t = await startTestCompliance()
    const { accountId, businessNumber } = await t.newAccount()
    const numbers = Array.from({ length: 30 }, newPhoneNumber)
    await Promise.all(
      numbers.map((number, i) =>
        t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...textedStop(number, `SM${i}`) }),
      ),
    )
    const { rev, changes } = await t.rpc.operator.consent.changes.query({ accountId, after: 0 })
    expect(rev).toBe(30)
    expect(changes.map((change) => change.rev)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
    const pages = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { rows: { number: string }[]; nextCursor: string | null } =
        await t.rpc.operator.consent.list.query({ accountId, limit: 7, ...(cursor ? { cursor } : {}) })
      pages.push(...page.rows)
      cursor = page.nextCursor
    }
    expect(pages.map(({ number }) => number)).toEqual([...new Set(numbers)].sort())
    await waitFor(
      async () =>
        (await t.database.db.collection('heads').findOne({ _id: accountId as never }))?.folded === 30,
    )
    for await (const report of verifyLedgers(t.database.db)) expect(report.faults).toEqual([])
  })
})

describe('a check', () => {
  test('answers in the order asked, each account for itself, a missing one with an error of its own', async () => {
    await using t = await startTestCompliance()
    const { accountId } = await t.newAccount()
    const [free, blocked] = [newPhoneNumber(), newPhoneNumber()]
    await t.rpc.operator.consent.optOut.mutate({
      accountId,
      numbers: [blocked],
      cause: 'manual',
      source: 'r1',
    })
    const answers = await t.rpc.sender.clearance.check.query({
      asks: [
        { accountId: 'nobody' as never, numbers: [free] },
        { accountId, numbers: [blocked, free, blocked] },
      ],
    })
    expect(answers[0]).toEqual({ error: { reason: 'unknown-account' } })
    expect(answers[1]).toMatchObject({
      rev: 1,
      leaseMs: 500,
      verdicts: [{ allowed: false }, { allowed: true }, { allowed: false }],
    })
  })

  test.each([0, 10_001])('of %i numbers is refused', async (count) => {
    await using t = await startTestCompliance()
    const { accountId } = await t.newAccount()
    const numbers = Array.from({ length: count }, () => '+15550001111' as never)
    await expect(t.rpc.sender.clearance.check.query({ asks: [{ accountId, numbers }] })).rejects.toSatisfy(
      reason('invalid-input'),
    )
  })

  test('by a token of another account is forbidden', async () => {
    await using t = await startTestCompliance()
    const { accountId } = await t.newAccount()
    const foreign = t.client('sender', ['other'])
    await expect(
      foreign.clearance.check.query({ asks: [{ accountId, numbers: [newPhoneNumber()] }] }),
    ).rejects.toSatisfy(reason('forbidden'))
  })
})

describe('settings', () => {
  test('are versioned, and a change on an older version is refused', async () => {
    await using t = await startTestCompliance()
    const { accountId } = await t.newAccount()
    const set = (basisVersion: number, help: string) =>
      t.rpc.admin.accounts.settings.set.mutate({
        accountId,
        basisVersion,
        settings: { replies: { stop: 'Stopped', start: 'Started', help } },
      })
    expect(await set(0, 'Call us')).toEqual({ version: 1 })
    await expect(set(0, 'Write us')).rejects.toSatisfy(reason('version-conflict'))
    expect((await t.rpc.sender.accounts.settings.get.query({ accountId })).settings.replies.help).toBe(
      'Call us',
    )
  })

  test('refuse an opt-out instruction that names no keyword', async () => {
    await using t = await startTestCompliance()
    const { accountId } = await t.newAccount()
    const optOutInstruction = { broadcast: 'Reply STOP to opt out', sequence: 'Stop by our store' }
    await expect(
      t.rpc.admin.accounts.settings.set.mutate({ accountId, settings: { optOutInstruction } }),
    ).rejects.toSatisfy(reason('wording-names-no-keyword'))
  })
})

test('a business number has one owner', async () => {
  await using t = await startTestCompliance()
  const [a, b] = [await t.newAccount(), await t.newAccount()]
  await expect(
    t.rpc.admin.accounts.addNumber.mutate({ accountId: b.accountId, number: a.businessNumber }),
  ).rejects.toSatisfy(reason('number-taken'))
})

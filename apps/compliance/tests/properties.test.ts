import { AccountId } from '@heed/phone'
import { newAccountId, newPhoneNumber, testDatabase } from '@heed/testkit'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { Entry } from '../src/domain/entry.ts'
import { consentStores, prepareConsentStores } from '../src/store/stores.ts'
import { people, type Step, step } from './consent-steps.ts'
import { observe, openWorld, type World, withoutChance } from './properties-world.ts'

// The ordinary client: these are no tests of deadlines, and a busy machine is no reason to fail them.
const database = await testDatabase('compliance')
afterAll(() => database[Symbol.asyncDispose]())
await prepareConsentStores(consentStores(database.client, database.db))

const which = fc.nat(1)
/** As many histories as there is time for: seconds, on a slow machine too. */
const bounded = { numRuns: 25, interruptAfterTimeLimit: 5_000 }

/** What stands for a number, read off the ledger one line after another, as an auditor would. */
function naiveReasons(entries: readonly Entry[], number: string) {
  const lists = [...new Set(entries.map(({ list }) => list))].sort()
  return lists.flatMap((list) => {
    let since: string | null = null
    let rev = 0
    for (const entry of entries) {
      if (entry.n !== number || entry.list !== list || entry.op === 'keep') continue
      since = entry.op === 'lift' ? null : (since ?? entry.at.toISOString())
      rev = entry.rev
    }
    return since === null ? [] : [{ list, since, rev }]
  })
}

const byList = (x: { list: string }, y: { list: string }) => (x.list < y.list ? -1 : 1)

async function expectFoldOfLedger(world: World, accountId: AccountId) {
  const { head, entries } = await world.standing(accountId)
  expect(entries.map(({ rev }) => rev)).toEqual(entries.map((_, index) => index + 1))
  const [answer] = await world.doors.sender.clearance.check({ asks: [{ accountId, numbers: people }] })
  if (!answer || 'error' in answer) throw new Error('no verdicts')
  expect([answer.epoch, answer.rev]).toEqual([head.epoch, entries.length])
  const expected = people.map((number) => {
    const reasons = naiveReasons(entries, number)
    return { allowed: reasons.length === 0, reasons }
  })
  const given = answer.verdicts.map(({ allowed, reasons }) => ({
    allowed,
    reasons: [...reasons].sort(byList),
  }))
  expect(given).toEqual(expected)
}

test('E3: every verdict is the naive fold of the ledger, whatever two instances changed and wherever a fold stands', async () => {
  const script = fc.array(fc.record({ which, step }), { maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(script, async (steps) => {
      const world = openWorld(database, 2)
      const account = await world.account(newAccountId(), newPhoneNumber())
      for (const { which, step } of steps) {
        world.clock.advance(7_000)
        await world.act(which, account, step)
        await expectFoldOfLedger(world, account.accountId)
      }
      await world.quiet()
      await expectFoldOfLedger(world, account.accountId)
    }),
    bounded,
  )
})

interface Answered {
  readonly results?: readonly {
    number: string
    list: string
    rev: number
    outcome: string
    replayed: boolean
  }[]
  readonly confirmation?: string | null
}

test('E4: however sources repeat, in one group, in two, at once at two instances: one row each, every answer the first, one confirmation', async () => {
  const optOut = step.filter(({ kind }) => kind !== 'start' && kind !== 'by hand')
  const batch = fc.array(fc.record({ which, step: optOut }), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 4 }), async (batches) => {
      const world = openWorld(database, 2)
      const account = await world.account(newAccountId(), newPhoneNumber())
      const answers: { source: string; answer: Answered }[] = []
      for (const batch of batches) {
        world.clock.advance(1_000)
        const done = batch.map(async ({ which, step }) => {
          const answer = (await world.act(which, account, step)) as Answered | undefined
          if (answer?.results) answers.push({ source: sourceOf(step), answer })
        })
        await Promise.all(done)
      }
      await world.quiet()
      const { entries } = await world.standing(account.accountId)
      const rows = new Map(entries.map((entry) => [`${entry.src}/${entry.list}/${entry.n}`, entry]))
      expect(rows.size).toBe(entries.length)
      const told = answers.flatMap(({ source, answer }) =>
        (answer.results ?? []).map((one) => ({ key: `${source}/${one.list}/${one.number}`, ...one })),
      )
      expect(new Set(told.map(({ key }) => key))).toEqual(new Set(rows.keys()))
      for (const { key, rev, outcome } of told) expect({ rev, outcome }).toEqual(pick(rows.get(key)))
      const fresh = told.filter(({ replayed }) => !replayed).map(({ key }) => key)
      expect(fresh.sort()).toEqual([...rows.keys()].sort())
      const confirmed = answers.filter(({ answer }) => answer.confirmation)
      expect(new Set(confirmed.map(({ source }) => source)).size).toBe(confirmed.length)
    }),
    bounded,
  )
})

const pick = (entry: Entry | undefined) => entry && { rev: entry.rev, outcome: entry.outcome }
const prefixes = { stop: 'm', tick: 't', import: 'i', start: 's', 'by hand': 'h' } as const
const sourceOf = (step: Step) =>
  step.kind === 'settings' || step.kind === 'fold' ? '' : `${prefixes[step.kind]}${step.source}`

/** Ids that are one another's beginnings, and look like what other systems take for more than a name. */
const shapes = ['', 'a', '-', '_', '__', '0', '-a', '_a', '__proto__', 'constructor', '1e3'].flatMap(
  (shape) => [(nonce: string) => `${nonce}${shape}`, (nonce: string) => `${shape}${nonce}`],
)
const twoAccounts = fc.shuffledSubarray(shapes, { minLength: 2, maxLength: 2 })

interface Turn {
  readonly isOurs: boolean
  readonly which: number
  readonly step: Step
}

/** Plays the steps of one or of both accounts at the instants they have, and tells all that each could see. */
async function live(turns: readonly Turn[], ids: { ours?: string; theirs?: string }) {
  const world = openWorld(database, 2)
  const [us, them] = [
    ids.ours === undefined ? null : await world.account(AccountId.parse(ids.ours), newPhoneNumber()),
    ids.theirs === undefined ? null : await world.account(AccountId.parse(ids.theirs), newPhoneNumber()),
  ]
  const told: { ours: unknown[]; theirs: unknown[] } = { ours: [], theirs: [] }
  for (const { isOurs, which, step } of turns) {
    world.clock.advance(1_000)
    const whose = isOurs ? us : them
    if (whose)
      told[isOurs ? 'ours' : 'theirs'].push(withoutChance(await world.act(which, whose, step), whose))
  }
  await world.quiet()
  return {
    ours: us && { told: told.ours, seen: await observe(world, us) },
    theirs: them && { told: told.theirs, seen: await observe(world, them) },
  }
}

test('E9: two accounts with the same people and sources, interleaved: each sees just what it would see alone', async () => {
  const turns = fc.array(fc.record({ isOurs: fc.boolean(), which, step }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(twoAccounts, turns, async ([left = String, right = String], turns) => {
      const nonce = newAccountId()
      // Two shapes may make one id of it: that is one account and no pair.
      fc.pre(left(nonce) !== right(nonce))
      const together = await live(turns, { ours: left(nonce), theirs: right(nonce) })
      expect(together.ours).toEqual((await live(turns, { ours: newAccountId() })).ours)
      expect(together.theirs).toEqual((await live(turns, { theirs: newAccountId() })).theirs)
    }),
    { ...bounded, interruptAfterTimeLimit: 10_000 },
  )
})

test('E9: accounts called like what every object inherits are accounts like any other', async () => {
  const turns: Turn[] = [
    { isOurs: true, which: 0, step: { kind: 'stop', source: 0 } },
    { isOurs: false, which: 0, step: { kind: 'tick', person: 0, source: 0, list: 'news' } },
    { isOurs: true, which: 1, step: { kind: 'tick', person: 0, source: 0, list: 'constructor' } },
    { isOurs: false, which: 1, step: { kind: 'settings', heed: true } },
  ]
  const together = await live(turns, { ours: '__proto__', theirs: 'constructor' })
  expect(together.ours).toEqual((await live(turns, { ours: newAccountId() })).ours)
  expect(together.theirs).toEqual((await live(turns, { theirs: newAccountId() })).theirs)
})

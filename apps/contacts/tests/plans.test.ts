import { checkNothingOpen, newAccountId, testDatabase } from '@heed/testkit'
import { expect, test } from 'vitest'
import type { PlainFilter } from '../src/domain/filter.ts'
import { openChangeStore } from '../src/store/changes.ts'
import { openContactStore } from '../src/store/contacts.ts'
import { queryOf, wordQuery } from '../src/store/filter-query.ts'

checkNothingOpen()

const vip = { tag: 'vip' }
const noDnc = { none: [{ tag: 'dnc' }] }

/** What is asked for, and the index that is walked for it: that of the account where a filter has no one key. */
const walks: readonly [filter: PlainFilter, index: string][] = [
  [vip, 'tag'],
  [{ all: [vip, noDnc] }, 'tag'],
  [{ list: 'ls_0000000000' }, 'list'],
  [{ field: { name: 'city', is: 'Oslo' } }, 'field'],
  [{ all: [{ dnc: false }, { optOut: true }] }, 'standing'],
  [{ all: [] }, 'account'],
  [noDnc, 'account'],
  [{ all: [{ any: [vip, { list: 'ls_0000000000' }] }, noDnc] }, 'account'],
]

test('no page of contacts scans the collection: a tag, list, field or standing is one walk of its index', async () => {
  await using database = await testDatabase('contacts')
  const { collection } = await openContactStore(database.connection.db(database.name))
  const a = newAccountId()
  const planOf = async (query: object) => {
    const page = collection.find({ $and: [{ a }, query, { _id: { $gt: 'ct_0' } }] }).sort({ _id: 1 })
    return JSON.stringify((await page.limit(100).explain('queryPlanner')).queryPlanner.winningPlan)
  }
  for (const [filter, index] of walks) {
    const plan = await planOf(queryOf(filter))
    expect(plan, JSON.stringify(filter)).toContain(`"indexName":"${index}"`)
    expect(plan).not.toMatch(/COLLSCAN|"SORT"/)
  }
  expect(await planOf(wordQuery('ann'))).not.toContain('COLLSCAN')
})

test('no reading of changes scans or sorts: the last one, a page, and what is to be told walk an index', async () => {
  await using database = await testDatabase('contacts')
  const db = database.connection.db(database.name)
  const [{ collection }] = [await openContactStore(db), await openChangeStore(db)]
  const changes = db.collection('changes')
  const a = newAccountId()
  const plans = [
    [changes.find({ a }).sort({ a: -1, rev: -1 }), 'rev'],
    [changes.find({ a, rev: { $gt: 7 } }).sort({ a: 1, rev: 1 }), 'rev'],
    [changes.find({ due: true }), 'due'],
    [collection.find({ 'tell.due': true } as object), 'tell_due'],
  ] as const
  for (const [cursor, index] of plans) {
    const { queryPlanner } = await cursor.limit(100).explain('queryPlanner')
    const plan = JSON.stringify(queryPlanner.winningPlan)
    expect(plan).toContain(`"indexName":"${index}"`)
    expect(plan).not.toMatch(/COLLSCAN|"SORT"/)
  }
})

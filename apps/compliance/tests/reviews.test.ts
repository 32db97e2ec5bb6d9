import { refusalReason } from '@heed/rpc'
import { newPhoneNumber } from '@heed/testkit'
import { expect, test } from 'vitest'
import { startTestCompliance, textedStop } from './start-compliance.ts'

type Test = Awaited<ReturnType<typeof startTestCompliance>>
const reason = (wanted: string) => (error: unknown) => refusalReason(error) === wanted
const said = 'I do not want these any more'

/** Somebody asked for an end in their own words. */
async function inferred(t: Test) {
  const { accountId, businessNumber } = await t.newAccount()
  const number = newPhoneNumber()
  const stop = { ...textedStop(number, 'SM1', { text: said }), cause: 'inferred-not-wanted' }
  await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...stop })
  const list = async (state?: 'open' | 'confirmed' | 'undone') =>
    (await t.rpc.operator.reviews.list.query({ accountId, ...(state ? { state } : {}) })).rows
  const status = async () => (await t.rpc.admin.consent.status.query({ accountId, numbers: [number] }))[0]
  const [row] = await list()
  if (!row?.block) throw new Error('nothing is blocked, or nothing to review')
  const { epoch, rev } = row.block
  const undo = { accountId, source: 'SM1', actor: 'ann', note: 'a joke', basis: { epoch, rev } }
  return { accountId, businessNumber, number, list, status, row, undo, stop }
}

test('an opt-out read from free text blocks at once, and waits for a person with its words and its rule', async () => {
  await using t = await startTestCompliance()
  const { number, row, status } = await inferred(t)
  expect(row).toMatchObject({ source: 'SM1', number, state: 'open', rule: 'not-wanted', text: said })
  expect(row.block).toMatchObject({ rev: 1, isInferred: true })
  expect(await status()).toMatchObject({ state: 'out', cause: 'inferred-not-wanted' })
})

test('undone, it is lifted by a change of its own in the ledger, once', async () => {
  await using t = await startTestCompliance()
  const { accountId, number, undo, list, status } = await inferred(t)
  const first = await t.rpc.admin.reviews.undo.mutate(undo)
  expect(first).toMatchObject({ outcome: 'lifted', state: 'undone', rev: 2 })
  expect(await t.rpc.admin.reviews.undo.mutate(undo)).toEqual(first)
  expect(await status()).toMatchObject({ state: 'in', blocks: [] })
  expect(await list()).toEqual([])
  expect((await list('undone'))[0]).toMatchObject({ decidedBy: 'ann', note: 'a joke', block: null })
  const history = await t.rpc.admin.consent.history.query({ accountId, number })
  expect(history.map(({ op, cause, actor, note }) => ({ op, cause, actor, note }))).toEqual([
    { op: 'block', cause: 'inferred-not-wanted', actor: null, note: null },
    { op: 'lift', cause: 'review-undo', actor: 'ann', note: 'a joke' },
  ])
})

test('confirmed, it stands and can no longer be undone', async () => {
  await using t = await startTestCompliance()
  const { accountId, undo, list, status } = await inferred(t)
  const confirm = { accountId, source: 'SM1', actor: 'bob' }
  expect(await t.rpc.operator.reviews.confirm.mutate(confirm)).toEqual({ state: 'confirmed' })
  expect(await t.rpc.operator.reviews.confirm.mutate(confirm)).toEqual({ state: 'confirmed' })
  await expect(t.rpc.admin.reviews.undo.mutate(undo)).rejects.toSatisfy(reason('wrong-state'))
  expect(await list()).toEqual([])
  expect(await status()).toMatchObject({ state: 'out' })
})

test('a STOP since then is the person’s own: an undo of what was seen before lifts nothing', async () => {
  await using t = await startTestCompliance()
  const { businessNumber, number, undo, list, status } = await inferred(t)
  await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...textedStop(number, 'SM2') })
  await expect(t.rpc.admin.reviews.undo.mutate(undo)).rejects.toSatisfy(reason('texted-opt-out'))
  expect((await list())[0]?.block).toMatchObject({ rev: 2, isInferred: false })
  expect(await status()).toMatchObject({ state: 'out' })
})

test('an undo that names another block than stands is stale, and the review stays open', async () => {
  await using t = await startTestCompliance()
  const { businessNumber, stop, undo, list } = await inferred(t)
  const again = { ...stop, source: 'SM2', message: { ...stop.message, carrierMessageId: 'SM2' } }
  await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...again })
  expect(await t.rpc.admin.reviews.undo.mutate(undo)).toMatchObject({ outcome: 'stale', state: 'open' })
  expect((await list()).map(({ source }) => source)).toEqual(['SM1', 'SM2'])
})

test('a repeated webhook opens no second review, and none again that was decided', async () => {
  await using t = await startTestCompliance()
  const { accountId, businessNumber, stop, list } = await inferred(t)
  await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...stop })
  expect(await list()).toHaveLength(1)
  await t.rpc.operator.reviews.confirm.mutate({ accountId, source: 'SM1', actor: 'bob' })
  await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...stop })
  expect(await list()).toEqual([])
})

test('an account that wants no reviews has the block all the same', async () => {
  await using t = await startTestCompliance()
  const { accountId, businessNumber } = await t.newAccount()
  await t.rpc.admin.accounts.settings.set.mutate({ accountId, settings: { likelyOptOuts: 'suppress' } })
  const number = newPhoneNumber()
  const stop = { ...textedStop(number, 'SM1', { text: said }), cause: 'inferred-not-wanted' }
  await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...stop })
  expect((await t.rpc.operator.reviews.list.query({ accountId })).rows).toEqual([])
  expect((await t.rpc.admin.consent.status.query({ accountId, numbers: [number] }))[0]?.state).toBe('out')
})

test('reviews are told in pages, each once and the oldest first', async () => {
  await using t = await startTestCompliance()
  const { accountId, businessNumber } = await t.newAccount()
  for (const sid of ['SM1', 'SM2', 'SM3', 'SM4', 'SM5']) {
    const stop = { ...textedStop(newPhoneNumber(), sid, { text: said }), cause: 'inferred-not-wanted' }
    await t.rpc.inbound.consent.optOut.mutate({ businessNumber, ...stop })
  }
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: { rows: { source: string }[]; nextCursor: string | null } =
      await t.rpc.operator.reviews.list.query({ accountId, limit: 2, ...(cursor ? { cursor } : {}) })
    seen.push(...page.rows.map(({ source }) => source))
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(seen).toEqual(['SM1', 'SM2', 'SM3', 'SM4', 'SM5'])
})

test('only an admin undoes, and nobody what is no review', async () => {
  await using t = await startTestCompliance()
  const { accountId, undo } = await inferred(t)
  await expect(t.rpc.operator.reviews.undo.mutate(undo)).rejects.toSatisfy(reason('forbidden'))
  await expect(t.rpc.sender.reviews.list.query({ accountId })).rejects.toSatisfy(reason('forbidden'))
  const other = { ...undo, source: 'SM9' }
  await expect(t.rpc.admin.reviews.undo.mutate(other)).rejects.toSatisfy(reason('unknown-review'))
})

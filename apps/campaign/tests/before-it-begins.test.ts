import { refusalReason } from '@heed/rpc'
import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { newRecipients, startSystem } from './system.ts'

checkNothingOpen()

const system = await startSystem()
afterAll(() => system[Symbol.asyncDispose]())
const { broadcasts } = system
const reasonOf = (call: Promise<unknown>) => call.then(() => null, refusalReason)
const soon = { timeoutMs: 10_000 }

async function draft(more: Partial<Parameters<typeof broadcasts.create.mutate>[0]> = {}) {
  const { accountId, from } = await system.newAccount()
  const given = { accountId, from, text: 'Hi {{name|there}}.', recipients: newRecipients(3) }
  const { broadcastId } = await broadcasts.create.mutate({ ...given, ...more })
  return { accountId, broadcastId }
}

describe('a schedule', () => {
  test('starts the broadcast when its time has come, and not before', async () => {
    const one = await draft()
    const startsAt = new Date(Date.now() + 3_000).toISOString()
    expect((await broadcasts.schedule.mutate({ ...one, startsAt })).state).toBe('scheduled')
    expect(await broadcasts.get.query(one)).toMatchObject({ state: 'scheduled', startsAt, startedAt: null })
    const recipients = newRecipients(1)
    expect(await reasonOf(broadcasts.addRecipients.mutate({ ...one, recipients }))).toBe('wrong-state')
    await waitFor(async () => (await broadcasts.get.query(one)).state === 'finished', soon)
    const { startedAt, counts } = await broadcasts.get.query(one)
    expect(Date.parse(startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(startsAt))
    expect(counts.sent).toBe(3)
  })

  test('may be moved and taken back, and one in the past or of nobody is refused', async () => {
    const one = await draft()
    const at = (ms: number) => new Date(Date.now() + ms).toISOString()
    expect(await reasonOf(broadcasts.schedule.mutate({ ...one, startsAt: at(-5_000) }))).toBe('in-the-past')
    await broadcasts.schedule.mutate({ ...one, startsAt: at(3_600_000) })
    await broadcasts.schedule.mutate({ ...one, startsAt: at(7_200_000) })
    expect((await broadcasts.unschedule.mutate(one)).state).toBe('draft')
    expect((await broadcasts.get.query(one)).startsAt).toBeNull()
    const empty = await draft({ recipients: undefined })
    expect(await reasonOf(broadcasts.schedule.mutate({ ...empty, startsAt: at(3_600_000) }))).toBe(
      'no-recipients',
    )
    await broadcasts.schedule.mutate({ ...one, startsAt: at(3_600_000) })
    expect((await broadcasts.cancel.mutate(one)).state).toBe('cancelled')
  })
})

test('a preview shows the text as each person would get it, with its segments', async () => {
  const one = await draft()
  const people = [{ fields: { Name: 'Ann' } }, { fields: {} }, { fields: { name: 'x'.repeat(900) } }]
  const { texts } = await broadcasts.preview.query({ ...one, people })
  expect(texts.map(({ text }) => text.split('.')[0])).toEqual(['Hi Ann', 'Hi there', `Hi ${'x'.repeat(900)}`])
  expect(texts.map(({ segments, isTooLong }) => [segments, isTooLong])).toEqual([
    [1, false],
    [1, false],
    [7, false],
  ])
})

describe('a test send', () => {
  test('reaches the phone once, counts in no report, and the broadcast stays a draft', async () => {
    const one = await draft()
    const number = newPhoneNumber()
    const asked = { ...one, number, requestId: 'try', fields: { name: 'Ann' } }
    await broadcasts.testSend.mutate(asked)
    await waitFor(async () => (await broadcasts.testSend.mutate(asked)).state === 'sent', soon)
    expect((await system.phone(number)).map(({ body }) => body)).toEqual(['Hi Ann. Reply STOP to opt out'])
    expect(await broadcasts.get.query(one)).toMatchObject({ state: 'draft', recipients: 3 })
    expect((await broadcasts.list.query({ accountId: one.accountId })).broadcasts).toHaveLength(1)
  })

  test('goes through the gate: whoever has opted out gets none', async () => {
    const one = await draft()
    const number = newPhoneNumber()
    await system.optOut(one.accountId, [number])
    const row = await broadcasts.testSend.mutate({ ...one, number, requestId: 'try' })
    expect(row).toMatchObject({ state: 'suppressed', reasons: [{ reason: 'opt-out' }] })
    expect(await system.phone(number)).toEqual([])
  })
})

test('an instruction is left out only with a reason, which is kept and shown', async () => {
  const reason = 'Every text of this programme carries a link to opt out.'
  const number = newPhoneNumber()
  const one = await draft({ withoutInstruction: { reason }, recipients: [{ number }] })
  expect(await broadcasts.get.query(one)).toMatchObject({
    text: 'Hi there.',
    instructionAppended: false,
    instructionOff: reason,
  })
  await broadcasts.start.mutate(one)
  await waitFor(async () => (await system.phone(number)).length === 1, soon)
  expect((await system.phone(number))[0]?.body).toBe('Hi there.')
  const both = draft({ withoutInstruction: { reason }, optOutInstruction: 'Reply STOP' })
  expect(await reasonOf(both)).toBe('invalid-input')
})

test('progress is told live until the broadcast has come to its end, and an unknown one is refused', async () => {
  const one = await draft({ ratePerSecond: 2 })
  const seen: { state: string; sent: number }[] = []
  const ended = Promise.withResolvers<void>()
  await broadcasts.start.mutate(one)
  broadcasts.watch.subscribe(one, {
    onData: ({ state, counts }) => void seen.push({ state, sent: counts.sent }),
    onComplete: () => ended.resolve(),
    onError: ended.reject,
  })
  await ended.promise
  expect(seen.length).toBeGreaterThan(1)
  expect(seen.map(({ sent }) => sent)).toEqual(seen.map(({ sent }) => sent).sort())
  expect(seen.at(-1)).toEqual({ state: 'finished', sent: 3 })
  const refused = Promise.withResolvers<unknown>()
  const unknown = { ...one, broadcastId: 'bc_00000000000000000000' }
  broadcasts.watch.subscribe(unknown, { onError: refused.resolve, onComplete: () => refused.resolve(null) })
  expect(refusalReason(await refused.promise)).toBe('unknown-broadcast')
})

test('what it costs is told before it begins', async () => {
  const one = await draft()
  expect(await broadcasts.whatIf.query({ ...one, segmentPrice: 0.0079 })).toMatchObject({
    segments: 3,
    cost: 0.0237,
  })
})

test('an opt-out is attributed to the broadcast whose text was the last from the number that it went to', async () => {
  const { accountId, from } = await system.newAccount()
  const [answers, silent, late] = newRecipients(3).map(({ number }) => number)
  const send = async (numbers: (typeof answers)[]) => {
    const recipients = numbers.flatMap((number) => (number ? [{ number }] : []))
    const { broadcastId } = await broadcasts.create.mutate({ accountId, from, text: 'Hello.', recipients })
    await broadcasts.start.mutate({ accountId, broadcastId })
    const get = () => broadcasts.get.query({ accountId, broadcastId })
    await waitFor(async () => (await get()).state === 'finished', soon)
    return { broadcastId, get }
  }
  const first = await send([answers, silent, late])
  const second = await send([late])
  const inbound = system.clientAs('inbound')
  for (const number of [answers, late])
    await inbound.consent.optOut.mutate({
      businessNumber: from,
      numbers: [number as NonNullable<typeof number>],
      cause: 'keyword',
      source: `SM-${crypto.randomUUID()}`,
    })
  await waitFor(async () => (await second.get()).optOuts === 1, soon)
  await waitFor(async () => (await first.get()).optOuts === 1, soon)
  const { rows } = await broadcasts.recipients.query({ accountId, broadcastId: first.broadcastId })
  expect(rows.map(({ optedOutAt }) => optedOutAt !== null)).toEqual([true, false, false])
})

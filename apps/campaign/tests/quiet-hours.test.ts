import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
import { startSystem } from './system.ts'

checkNothingOpen()

const system = await startSystem()
afterAll(() => system[Symbol.asyncDispose]())
const { broadcasts } = system

/** A zone in which it is about this hour now; area code 555 tells no state, so a stated zone is believed. */
function zoneAt(hour: number): string {
  const ahead = (hour - new Date().getUTCHours() + 24) % 24
  const offset = ahead > 14 ? ahead - 24 : ahead
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`
}

async function draftTo(
  recipients: { number: ReturnType<typeof newPhoneNumber>; zone?: string }[],
  settings = {},
) {
  const { accountId, from } = await system.newAccount()
  await system.compliance.accounts.settings.set.mutate({ accountId, settings })
  const text = 'Boots are half price. Reply STOP to opt out.'
  const { broadcastId } = await broadcasts.create.mutate({ accountId, from, text, recipients })
  return { accountId, broadcastId }
}

test("the law's hours hold whom it is night for, by the rule's name, and the what-if report tells before", async () => {
  const [noon, night] = [newPhoneNumber(), newPhoneNumber()]
  const recipients = [
    { number: noon, zone: zoneAt(13) },
    { number: night, zone: zoneAt(3) },
  ]
  const one = await draftTo(recipients, { quietHours: 'on' })
  const forecast = await broadcasts.whatIf.query(one)
  expect(forecast).toMatchObject({ send: 1, held: 1, suppressed: 0, quietHours: 'on', caps: 'on' })
  expect(forecast.reasons).toEqual([{ reason: expect.stringMatching(/^us-/), recipients: 1 }])
  await broadcasts.start.mutate(one)
  await waitFor(async () => (await broadcasts.get.query(one)).counts.sent === 1, { timeoutMs: 10_000 })
  await waitFor(async () => (await broadcasts.recipients.query(one)).rows.some(({ held }) => held !== null), {
    timeoutMs: 10_000,
  })
  const { rows } = await broadcasts.recipients.query(one)
  expect(rows.map(({ number, state }) => [number, state])).toEqual([
    [noon, 'sent'],
    [night, 'waiting'],
  ])
  const held = rows[1]?.held
  expect(held?.by).toMatch(/^us-(federal|any)$/)
  const hours = (Date.parse(held?.until ?? '') - Date.now()) / 3_600_000
  expect(hours).toBeGreaterThan(4)
  expect(hours).toBeLessThan(8)
  expect(await system.phone(night)).toEqual([])
})

test('an account that has not turned them on texts at any hour, and its report says so', async () => {
  const one = await draftTo([{ number: newPhoneNumber(), zone: zoneAt(3) }])
  expect(await broadcasts.whatIf.query(one)).toMatchObject({ send: 1, quietHours: 'off', caps: 'off' })
  await broadcasts.start.mutate(one)
  await waitFor(async () => (await broadcasts.get.query(one)).state === 'finished', { timeoutMs: 10_000 })
  expect((await broadcasts.get.query(one)).counts.sent).toBe(1)
})

test('a cap holds the text that would be one too many until the window has rolled on', async () => {
  const number = newPhoneNumber()
  const { accountId, broadcastId } = await draftTo([{ number }], { caps: [{ texts: 1, hours: 24 }] })
  const { from } = await broadcasts.get.query({ accountId, broadcastId })
  await broadcasts.start.mutate({ accountId, broadcastId })
  await waitFor(async () => (await system.phone(number)).length === 1, { timeoutMs: 10_000 })
  const second = await broadcasts.create.mutate({ accountId, from, text: 'Again.', recipients: [{ number }] })
  await broadcasts.start.mutate({ accountId, ...second })
  const row = async () => (await broadcasts.recipients.query({ accountId, ...second })).rows[0]
  await waitFor(async () => (await row())?.held !== null, { timeoutMs: 10_000 })
  expect((await row())?.held?.by).toBe('cap-1-in-24h')
  expect(await system.phone(number)).toHaveLength(1)
})

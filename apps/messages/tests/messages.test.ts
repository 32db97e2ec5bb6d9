import { refusalReason } from '@heed/rpc'
import { checkNothingOpen, newAccountId, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { nextSecond, startSystem } from './start-system.ts'

checkNothingOpen()

const system = await startSystem()
const here = await system.startHere()
afterAll(async () => {
  await here[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})

const { operator, sender } = here
const { phones } = system
const reasonOf = (call: Promise<unknown>) => call.then(() => null, refusalReason)

async function newText() {
  const { accountId, from } = await system.newAccount()
  return {
    accountId,
    from,
    number: newPhoneNumber(),
    text: 'Your order is ready.',
    requestId: newAccountId(),
  }
}

describe('one text', () => {
  test('reaches the phone as it was written, and its message tells the receipt', async () => {
    const asked = await newText()
    const { messageId, state } = await operator.send.mutate({ ...asked, actor: 'kim' })
    expect(state).not.toBe('suppressed')
    const { accountId } = asked
    await waitFor(
      async () => (await operator.get.query({ accountId, messageId })).delivery?.status === 'delivered',
      { timeoutMs: 10_000 },
    )
    expect(await operator.get.query({ accountId, messageId })).toMatchObject({
      state: 'sent',
      origin: 'one-to-one',
      actor: 'kim',
      text: asked.text,
      segments: 1,
    })
    expect((await phones.texts(asked.number)).map(({ body }) => body)).toEqual([asked.text])
  })

  test('never reaches whoever said STOP, whoever writes; the agent sees why, since when and by whom', async () => {
    const asked = await newText()
    const { accountId, number, from } = asked
    await phones.reply(number, from, 'Please stop texting me')
    const confirmations = (await phones.texts(number)).length
    const { allowed, reasons } = await operator.compose.query({ accountId, number })
    expect(allowed).toBe(false)
    expect(reasons).toMatchObject([{ reason: 'opt-out', list: 'own', since: expect.any(String) }])
    expect(reasons[0]?.cause).toEqual(expect.any(String))
    for (const origin of ['one-to-one', 'api', 'crm'] as const) {
      const message = await sender.send.mutate({ ...asked, origin, requestId: origin })
      expect(message).toMatchObject({ state: 'suppressed', reasons: [{ reason: 'opt-out', list: 'own' }] })
    }
    expect(await phones.texts(number)).toHaveLength(confirmations)
    await nextSecond()
    await phones.reply(number, from, 'START')
    expect(await operator.compose.query({ accountId, number })).toMatchObject({ allowed: true, reasons: [] })
  })

  test('that waits when the STOP comes ends as suppressed and is never handed over', async () => {
    const asked = await newText()
    const { accountId, number, from } = asked
    const numberLimits = [{ number: from, segmentsPerSecond: 0.5 }]
    await system.compliance.accounts.settings.set.mutate({ accountId, settings: { numberLimits } })
    const first = await operator.send.mutate({ ...asked, number: newPhoneNumber(), requestId: 'first' })
    const others = await Promise.all(
      [1, 2, 3].map((n) => operator.send.mutate({ ...asked, requestId: `n${n}` })),
    )
    await phones.reply(number, from, 'STOP')
    const before = await phones.texts(number)
    await waitFor(
      async () => {
        const states = await Promise.all(
          others.map(async ({ messageId }) => (await operator.get.query({ accountId, messageId })).state),
        )
        return !states.includes('waiting') && states.includes('suppressed')
      },
      { timeoutMs: 20_000 },
    )
    expect(await phones.texts(number)).toEqual(before)
    expect(first.state).not.toBe('suppressed')
  })

  test('is sent once, however often its request is repeated, and another text under its id is refused', async () => {
    const asked = await newText()
    const calls = await Promise.all(Array.from({ length: 5 }, () => sender.send.mutate(asked)))
    expect(new Set(calls.map(({ messageId }) => messageId)).size).toBe(1)
    const again = () => sender.send.mutate(asked)
    await waitFor(async () => (await again()).state === 'sent', { timeoutMs: 10_000 })
    expect(await reasonOf(sender.send.mutate({ ...asked, text: 'Another.' }))).toBe('request-mismatch')
    expect(await phones.texts(asked.number)).toHaveLength(1)
  })

  test('gets the instruction that its sender gives, unless it instructs already', async () => {
    const asked = await newText()
    const optOutInstruction = 'Text STOP to end'
    const appended = await operator.send.mutate({ ...asked, optOutInstruction })
    expect(appended.text).toBe('Your order is ready. Text STOP to end')
    const given = { ...asked, requestId: 'two', text: 'Ready. Reply STOP to opt out.', optOutInstruction }
    expect((await operator.send.mutate(given)).text).toBe('Ready. Reply STOP to opt out.')
  })

  test('is refused with a typed reason, and nothing is kept', async () => {
    const asked = await newText()
    const { accountId } = asked
    const wrong = {
      'not-own-number': { from: newPhoneNumber() },
      'wording-names-no-keyword': { optOutInstruction: 'Write to us' },
      'text-too-long': { text: 'a'.repeat(1_590), optOutInstruction: 'Reply STOP to opt out' },
      'unknown-account': { accountId: newAccountId() },
    }
    for (const [reason, change] of Object.entries(wrong))
      expect(await reasonOf(operator.send.mutate({ ...asked, ...change }))).toBe(reason)
    expect((await operator.list.query({ accountId })).messages).toEqual([])
    const id = { accountId, messageId: `tx_${'0'.repeat(32)}` }
    expect(await reasonOf(operator.get.query(id))).toBe('unknown-message')
  })

  test('is not kept while compliance does not answer', async () => {
    await using alone = await system.startHere({ COMPLIANCE_URL: 'http://127.0.0.1:9' })
    const asked = await newText()
    expect(await reasonOf(alone.operator.send.mutate(asked))).toBe('unavailable')
    expect((await operator.list.query({ accountId: asked.accountId })).messages).toEqual([])
  })
})

test('a cap counts the texts of every service, and holds no word of an agent', async () => {
  const asked = await newText()
  const { accountId, from, number } = asked
  const caps = [{ texts: 2, hours: 24 }]
  await system.compliance.accounts.settings.set.mutate({ accountId, settings: { caps } })
  const recipients = [{ number }]
  const { broadcasts } = system.campaign
  const { broadcastId } = await broadcasts.create.mutate({ accountId, from, text: 'One.', recipients })
  await broadcasts.start.mutate({ accountId, broadcastId })
  const steps = [{ delayMs: 0, text: 'Two.' }]
  const { sequenceId } = await system.sequence.sequences.create.mutate({ accountId, from, steps })
  await system.sequence.sequences.enrol.mutate({ accountId, sequenceId, recipients })
  await waitFor(async () => (await phones.texts(number)).length === 2, { timeoutMs: 10_000 })
  const { messageId } = await sender.send.mutate({ ...asked, origin: 'api' })
  const message = () => sender.get.query({ accountId, messageId })
  await waitFor(async () => (await message()).held !== null, { timeoutMs: 10_000 })
  expect(await message()).toMatchObject({ state: 'waiting', held: { by: 'cap-2-in-24h' } })
  await operator.send.mutate({ ...asked, requestId: 'by-hand' })
  await waitFor(async () => (await phones.texts(number)).length === 3, { timeoutMs: 10_000 })
})

test("an account's messages are listed, the newest first, each once", async () => {
  const asked = await newText()
  const { accountId } = asked
  const ids: string[] = []
  for (const requestId of ['a', 'b', 'c', 'd', 'e'])
    ids.unshift((await operator.send.mutate({ ...asked, requestId })).messageId)
  const read: string[] = []
  let page = await operator.list.query({ accountId, limit: 2 })
  for (;;) {
    read.push(...page.messages.map(({ messageId }) => messageId))
    if (!page.next) break
    page = await operator.list.query({ accountId, limit: 2, before: page.next })
  }
  expect(read).toEqual(ids)
})

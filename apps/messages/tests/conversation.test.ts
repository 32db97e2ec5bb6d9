import { refusalReason } from '@heed/rpc'
import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
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
type Conversation = Awaited<ReturnType<typeof operator.conversation.query>>

/** A broadcast, a sequence and an agent text a person, who says STOP and START. */
async function wholeConversation() {
  const { accountId, from } = await system.newAccount()
  const number = newPhoneNumber()
  const texts = (count: number) =>
    waitFor(async () => (await phones.texts(number)).length >= count, { timeoutMs: 10_000 })
  const recipients = [{ number }]
  const text = 'Boots are half price. Reply STOP to opt out.'
  const { broadcastId } = await system.campaign.broadcasts.create.mutate({
    accountId,
    from,
    text,
    recipients,
  })
  await system.campaign.broadcasts.start.mutate({ accountId, broadcastId })
  await texts(1)
  const steps = [{ delayMs: 0, text: 'Welcome.' }]
  const { sequenceId } = await system.sequence.sequences.create.mutate({ accountId, from, steps })
  await system.sequence.sequences.enrol.mutate({ accountId, sequenceId, recipients })
  await texts(2)
  await operator.send.mutate({ accountId, from, number, text: 'Hi, Kim here.', requestId: 'kim' })
  await texts(3)
  await phones.reply(number, from, 'Who is this?')
  await phones.reply(number, from, 'STOP')
  await operator.send.mutate({ accountId, from, number, text: 'Are you there?', requestId: 'late' })
  await nextSecond()
  await phones.reply(number, from, 'START')
  const expected = ['sent', 'sent', 'sent', 'received', 'received', 'consent', 'sent', 'received', 'consent']
  // A phone may have a text before its row says so, and a receipt comes later still.
  await waitFor(
    async () => {
      const { items } = await operator.conversation.query({ accountId, number })
      const isSettled = (item: Conversation['items'][number]) =>
        item.kind !== 'sent' ||
        item.state === 'suppressed' ||
        // Each service's last text is what the STOP answered.
        (item.delivery?.status === 'delivered' && item.optedOutAt !== null)
      return items.length === expected.length && items.every(isSettled)
    },
    { timeoutMs: 20_000 },
  )
  return { accountId, number, broadcastId, sequenceId, expected }
}

test('texts of every service, the replies, opt-outs and opt-ins stand in one timeline, page by page', async () => {
  const { accountId, number, broadcastId, sequenceId, expected } = await wholeConversation()
  const { items, missing, next } = await operator.conversation.query({ accountId, number })
  expect([missing, next]).toEqual([[], null])
  const inOrder = items.toReversed()
  expect(inOrder.map(({ kind }) => kind).sort()).toEqual(expected.toSorted())
  expect(inOrder.map(({ at }) => at)).toEqual(inOrder.map(({ at }) => at).sort())
  expect(inOrder.slice(0, 3)).toMatchObject([
    { kind: 'sent', service: 'campaign', madeFor: broadcastId, state: 'sent' },
    { kind: 'sent', service: 'sequence', madeFor: sequenceId, state: 'sent' },
    { kind: 'sent', service: 'messages', text: 'Hi, Kim here.' },
  ])
  const received = inOrder.filter(({ kind }) => kind === 'received')
  expect(received).toMatchObject([
    { text: 'Who is this?', intent: 'none' },
    { text: 'STOP', intent: 'opt-out' },
    { text: 'START', intent: 'opt-in' },
  ])
  expect(inOrder.filter(({ kind }) => kind === 'consent')).toMatchObject([
    { op: 'block', list: 'own' },
    { op: 'lift', list: 'own' },
  ])
  expect(inOrder.find((item) => item.kind === 'sent' && item.state === 'suppressed')).toMatchObject({
    text: 'Are you there?',
    reasons: [{ reason: 'opt-out' }],
  })
  for (const limit of [1, 2, 4]) {
    const read: Conversation['items'] = []
    let page = await operator.conversation.query({ accountId, number, limit })
    for (;;) {
      read.push(...page.items)
      if (!page.next) break
      page = await operator.conversation.query({ accountId, number, limit, before: page.next })
    }
    expect(read).toEqual(items)
  }
})

test('a service that does not answer is named, and what the others know is shown', async () => {
  const { accountId, number } = await wholeConversation()
  await using without = await system.startHere({ CAMPAIGN_URL: 'http://127.0.0.1:9' })
  const { items, missing } = await without.operator.conversation.query({ accountId, number })
  expect(missing).toEqual(['campaign'])
  expect(items.map((item) => item.kind === 'sent' && item.service)).not.toContain('campaign')
  expect(items.length).toBeGreaterThan(5)
})

test('another account sees nothing of it, and who only sends may not read it', async () => {
  const { number } = await wholeConversation()
  const { accountId } = await system.newAccount()
  expect((await operator.conversation.query({ accountId, number })).items).toEqual([])
  const call = sender.conversation.query({ accountId, number })
  expect(await call.then(() => null, refusalReason)).toBe('forbidden')
})

import { randomInt } from 'node:crypto'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { refusalReason } from '@heed/rpc'
import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, describe, expect, test } from 'vitest'
import { app, signV2, signV3 } from './hubspot-server.ts'
import { hubSpotLink, publicUrl, startSystem } from './start-system.ts'

checkNothingOpen()

const system = await startSystem()
let crm = await system.startHere()
afterAll(async () => {
  await crm[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})
const { hubspot } = system
const soon = { timeoutMs: 10_000 }

async function newPortal() {
  const account = await system.newAccount()
  const { portalId, input } = hubSpotLink(account)
  const { linkId } = await crm.rpc.connectHubSpot.mutate(input)
  return { ...account, portalId, linkId }
}

const actionBody = (
  portalId: number,
  number: string,
  more: object = {},
  callbackId = `ap-${randomInt(1e9)}-0`,
) =>
  JSON.stringify({
    callbackId,
    origin: { portalId, actionDefinitionId: 1, actionDefinitionVersion: 1 },
    context: { source: 'WORKFLOWS', workflowId: 192814114 },
    object: { objectId: 904, objectType: 'CONTACT' },
    inputFields: { number, text: 'Your table is ready.', ...more },
  })
const act = (body: string, secret = app.clientSecret) =>
  crm.post('/crm/hubspot/action', body, signV2(secret, `${publicUrl}/crm/hubspot/action`, body))
const outputs = async (body: string) => (await act(body)).json.outputFields as Record<string, string>

const eventBody = (portalId: number, objectId: number, more: object = {}) =>
  JSON.stringify([
    {
      eventId: randomInt(1e9),
      subscriptionId: 1,
      portalId,
      appId: 1,
      occurredAt: Date.now(),
      subscriptionType: 'contact.propertyChange',
      attemptNumber: 0,
      objectId,
      propertyName: 'sms_opt_out',
      propertyValue: 'true',
      ...more,
    },
  ])
const tell = (body: string, at?: number) =>
  crm.post('/crm/hubspot/events', body, signV3(app.clientSecret, `${publicUrl}/crm/hubspot/events`, body, at))
const told = (number: string) =>
  hubspot.subscriptions.filter((one) => one.number === number).map(({ statusState }) => statusState)

describe("HubSpot's workflow action", () => {
  test('sends one text, however often it is repeated, and the workflow is told what became of it', async () => {
    const { portalId, accountId } = await newPortal()
    const number = newPhoneNumber()
    const body = actionBody(portalId, number)
    const { callbackId } = JSON.parse(body) as { callbackId: string }
    expect(await outputs(body)).toMatchObject({ heed_state: 'waiting', hs_execution_state: 'BLOCK' })
    await waitFor(() => hubspot.completed.some((one) => one.callbackId === callbackId), soon)
    expect(hubspot.completed.filter((one) => one.callbackId === callbackId)).toMatchObject([
      { outputFields: { heed_state: 'sent', hs_execution_state: 'SUCCESS' } },
    ])
    expect(await outputs(body)).toMatchObject({ heed_state: 'sent', hs_execution_state: 'SUCCESS' })
    expect((await system.texts(number)).map((text) => text.body)).toEqual(['Your table is ready.'])
    const { messages } = await system.messages.list.query({ accountId })
    expect(messages).toMatchObject([{ origin: 'crm', actor: 'HubSpot', contactId: '904' }])
  })

  test('never texts whoever said STOP, and the workflow is told why', async () => {
    const { portalId, accountId } = await newPortal()
    const number = newPhoneNumber()
    await system.text(accountId, number, 'STOP')
    expect(await outputs(actionBody(portalId, number))).toMatchObject({
      heed_state: 'suppressed',
      heed_reason: 'opt-out',
      hs_execution_state: 'FAIL_CONTINUE',
    })
    expect(await system.texts(number)).toEqual([])
  })

  test('takes a number as people write it, of the country of the link, and tells what is none', async () => {
    const { portalId, accountId } = await newPortal()
    const number = newPhoneNumber()
    await system.text(accountId, number, 'STOP')
    const written = `(${number.slice(2, 5)}) ${number.slice(5, 8)}-${number.slice(8)}`
    expect(await outputs(actionBody(portalId, written))).toMatchObject({ heed_state: 'suppressed' })
    expect(await outputs(actionBody(portalId, 'call me'))).toMatchObject({ heed_reason: 'not-a-number' })
    const long = { text: 'a'.repeat(1_590), optOutInstruction: 'Reply STOP to opt out' }
    expect(await outputs(actionBody(portalId, newPhoneNumber(), long))).toMatchObject({
      heed_state: 'rejected',
      heed_reason: 'text-too-long',
    })
  })

  test('enrols the person in a sequence where it names one, and tells what was wrong with it', async () => {
    const { portalId, accountId, from } = await newPortal()
    const steps = [{ delayMs: 0, text: 'Welcome.' }]
    const { sequenceId } = await system.sequences.create.mutate({ accountId, from, steps })
    const number = newPhoneNumber()
    const named = (more: object) => actionBody(portalId, number, { text: undefined, ...more })
    const body = named({ sequenceId })
    expect(await outputs(body)).toEqual({ heed_state: 'enrolled', hs_execution_state: 'SUCCESS' })
    expect(await outputs(body)).toEqual({ heed_state: 'enrolled', hs_execution_state: 'SUCCESS' })
    expect(await outputs(named({ sequenceId }))).toMatchObject({ heed_state: 'known' })
    await waitFor(async () => (await system.texts(number)).length === 1, soon)
    const { rows } = await system.sequences.enrolments.query({ accountId, sequenceId })
    expect(rows).toMatchObject([{ number, contactId: '904' }])
    const wrong = await outputs(named({ sequenceId: 'sq_0000000000' }))
    expect(wrong).toMatchObject({ heed_state: 'rejected', heed_reason: 'unknown-sequence' })
    expect(await outputs(named({}))).toMatchObject({ heed_reason: 'invalid-input' })
    expect(await outputs(named({ sequenceId, text: 'Both.' }))).toMatchObject({
      heed_reason: 'text-and-sequence',
    })
  })

  test('is refused where the portal did not sign it, and nothing is sent', async () => {
    const { portalId, accountId } = await newPortal()
    const body = actionBody(portalId, newPhoneNumber())
    const url = `${publicUrl}/crm/hubspot/action`
    const forged = [
      act(body, 'guessed'),
      act(actionBody(1, newPhoneNumber())),
      crm.post('/crm/hubspot/action', `${body} `, signV2(app.clientSecret, url, body)),
      crm.post('/crm/hubspot/action', body, signV2(app.clientSecret, `${url}/`, body)),
      crm.post('/crm/hubspot/action', body, {}),
    ]
    for (const { status, json } of await Promise.all(forged))
      expect([status, json]).toMatchObject([401, { error: { data: { reason: 'wrong-signature' } } }])
    expect((await act('{"callbackId": 1}')).json).toMatchObject({
      error: { data: { reason: 'invalid-input' } },
    })
    expect((await system.messages.list.query({ accountId })).messages).toEqual([])
  })
})

describe('an opt-out', () => {
  test('is written back once, an opt-in after it too, and a restart repeats neither', async () => {
    const { accountId } = await newPortal()
    const number = newPhoneNumber()
    await system.text(accountId, number, 'STOP', new Date(Date.now() - 5_000))
    await waitFor(() => told(number).length === 1, soon)
    expect(hubspot.subscriptions.find((one) => one.number === number)).toMatchObject({
      subscriptionId: 77,
      channel: 'SMS',
      statusState: 'UNSUBSCRIBED',
    })
    await system.text(accountId, number, 'START')
    await waitFor(() => told(number).length === 2, soon)
    await crm[Symbol.asyncDispose]()
    crm = await system.startHere()
    const later = newPhoneNumber()
    await system.text(accountId, later, 'STOP')
    await waitFor(() => told(later).length === 1, soon)
    expect(told(number)).toEqual(['UNSUBSCRIBED', 'SUBSCRIBED'])
  })

  test('of before the link is written back as well', async () => {
    const account = await system.newAccount()
    const number = newPhoneNumber()
    await system.text(account.accountId, number, 'STOP')
    await crm.rpc.connectHubSpot.mutate(hubSpotLink(account).input)
    await waitFor(() => told(number).length === 1, soon)
  })

  test('is written back although the token has ended and HubSpot fails and asks for patience', async () => {
    const { accountId, linkId } = await newPortal()
    const number = newPhoneNumber()
    await system.text(accountId, newPhoneNumber(), 'STOP')
    await waitFor(async () => (await waitingAt(accountId, linkId)) === 0, soon)
    hubspot.endTokens()
    hubspot.failures.push({ status: 500 }, { status: 429, headers: { 'retry-after': '1' } })
    const refreshes = hubspot.refreshes()
    await system.text(accountId, number, 'STOP')
    await waitFor(() => told(number).length === 1, soon)
    expect(hubspot.refreshes()).toBeGreaterThan(refreshes)
    expect(told(number)).toEqual(['UNSUBSCRIBED'])
  })
})

const waitingAt = async (accountId: AccountId, linkId: string) =>
  (await crm.rpc.list.query({ accountId })).links.find((link) => link.linkId === linkId)?.waiting

describe("HubSpot's own unsubscribe", () => {
  const contact = () => {
    const objectId = randomInt(1e9)
    const number = newPhoneNumber()
    const home = newPhoneNumber()
    const phone = `(${home.slice(2, 5)}) ${home.slice(5, 8)}-${home.slice(8)}`
    hubspot.contacts.set(String(objectId), { hs_calculated_phone_number: number, phone, mobilephone: null })
    return { objectId, number, home }
  }
  const isOut = (accountId: AccountId, number: PhoneNumber) => () => system.isOut(accountId, number)

  test("binds all the contact's numbers, once, and is not told back", async () => {
    const { accountId, portalId } = await newPortal()
    const { objectId, number, home } = contact()
    const body = eventBody(portalId, objectId)
    for (const { status, json } of [await tell(body), await tell(body)])
      expect([status, json]).toEqual([200, { heard: 1 }])
    await waitFor(isOut(accountId, number), soon)
    await waitFor(isOut(accountId, home), soon)
    const history = await system.compliance.consent.history.query({ accountId, number })
    expect(history.map(({ cause, op }) => [cause, op])).toEqual([['crm', 'block']])
    const other = newPhoneNumber()
    await system.text(accountId, other, 'STOP')
    await waitFor(() => told(other).length === 1, soon)
    expect([told(number), told(home)]).toEqual([[], []])
  })

  test('that is taken back opts nobody in, and other properties say nothing', async () => {
    const { portalId } = await newPortal()
    const { objectId } = contact()
    for (const more of [
      { propertyValue: 'false' },
      { propertyName: 'city' },
      { subscriptionType: 'contact.deletion' },
    ])
      expect((await tell(eventBody(portalId, objectId, more))).json).toEqual({ heard: 0 })
  })

  test('is refused where it is forged, or older than five minutes', async () => {
    const { accountId, portalId } = await newPortal()
    const { objectId, number } = contact()
    const body = eventBody(portalId, objectId)
    expect((await tell(body, Date.now() - 301_000)).status).toBe(401)
    const forged = signV3('guessed', `${publicUrl}/crm/hubspot/events`, body)
    expect((await crm.post('/crm/hubspot/events', body, forged)).status).toBe(401)
    const mixed = JSON.stringify([...JSON.parse(body), ...JSON.parse(eventBody(1, objectId))])
    expect((await tell(mixed)).status).toBe(401)
    expect((await tell('[]')).json).toMatchObject({ error: { data: { reason: 'invalid-input' } } })
    expect(await system.isOut(accountId, number)).toBe(false)
  })
})

describe('a link', () => {
  test('with a portal belongs to one account, and HubSpot must take the code', async () => {
    const { portalId } = await newPortal()
    const other = await system.newAccount()
    const taken = crm.rpc.connectHubSpot.mutate(hubSpotLink(other, portalId).input)
    expect(await taken.then(() => null, refusalReason)).toBe('portal-taken')
    const wrong = crm.rpc.connectHubSpot.mutate({ ...hubSpotLink(other).input, code: 'stale' })
    expect(await wrong.then(() => null, refusalReason)).toBe('crm-refused')
    const foreign = crm.rpc.connectHubSpot.mutate({ ...hubSpotLink(other).input, from: newPhoneNumber() })
    expect(await foreign.then(() => null, refusalReason)).toBe('not-own-number')
    expect((await crm.rpc.list.query({ accountId: other.accountId })).links).toEqual([])
  })

  test('that is ended hears and sends nothing more', async () => {
    const { accountId, portalId, linkId } = await newPortal()
    await crm.rpc.disconnect.mutate({ accountId, linkId })
    expect((await act(actionBody(portalId, newPhoneNumber()))).status).toBe(401)
    const again = crm.rpc.disconnect.mutate({ accountId, linkId })
    expect(await again.then(() => null, refusalReason)).toBe('unknown-link')
    expect((await crm.rpc.list.query({ accountId })).links).toMatchObject([{ closedAt: expect.any(String) }])
  })
})

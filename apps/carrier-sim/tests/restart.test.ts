import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageResponse } from '@heed/twilio'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountSid, authToken, business, carrierAt, eventually, phone, startWebhook } from './_carrier.ts'

let dataDir: string
const children: ChildProcess[] = []
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'heed-carrier-sim-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(dataDir, { recursive: true, force: true })
})

/** A process of its own, as `npm start` runs it. */
async function startProcess() {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: join(import.meta.dirname, '..'),
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: authToken,
      DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const url = await eventually(() => /"url":"([^"]+)"/.exec(output)?.[1])
  return {
    ...carrierAt(url),
    child,
    output: () => output,
    ended: new Promise<number | null>((resolve) => child.once('exit', resolve)),
  }
}

test('after kill -9 the phones, the list, the numbers and the pending webhooks are still there', async () => {
  await using webhook = await startWebhook(() => ({ body: messageResponse('done') }))
  const first = await startProcess()
  await first.setWebhook(webhook.url)
  await first.faults({ kind: 'delay', on: 'status', ms: 60_000 })
  const { sid } = await first.twilio.messages.create({
    to: phone,
    from: business,
    body: 'x',
    statusCallback: webhook.url,
  })
  const unanswered = first.reply({ body: 'STOP', delayMs: 5_000, duplicates: 1 }).catch(() => 'cut off')
  await eventually(async () => (await first.twilio.messages.list({ to: business })).length === 1)
  const texts = await first.texts()
  first.child.kill('SIGKILL')
  await first.ended
  expect(await unanswered).toBe('cut off')
  expect(webhook.received).toEqual([])

  const second = await startProcess()
  expect(await second.texts()).toEqual(texts)
  expect((await second.twilio.messages.list()).map(({ direction }) => direction)).toEqual([
    'inbound',
    'outbound-api',
  ])
  await eventually(() => webhook.received.length === 4)
  const statuses = webhook.received.filter(({ params }) => params.MessageSid === sid)
  expect(statuses.map(({ params }) => params.MessageStatus)).toEqual(['sent', 'delivered'])
  expect(webhook.received.filter(({ params }) => params.Body === 'STOP')).toHaveLength(2)
  await eventually(async () => (await second.texts()).length === 3)
  second.child.kill('SIGKILL')
  await second.ended

  const third = await startProcess()
  expect(await third.texts()).toHaveLength(3)
  expect(webhook.received).toHaveLength(4)
}, 30_000)

test('SIGTERM ends it with code 0 although requests hang and replies wait, and no number is in its log', async () => {
  const carrier = await startProcess()
  await carrier.faults({ kind: 'hang', accepted: true })
  const hanging = carrier.twilio.messages
    .create({ to: phone, from: business, body: 'x' })
    .catch(() => 'cut off')
  await eventually(async () => (await carrier.texts()).length === 1)
  const waiting = carrier.reply({ body: 'STOP', delayMs: 60_000 })
  await eventually(async () => (await carrier.twilio.messages.list({ to: business })).length === 1)
  carrier.child.kill('SIGTERM')
  expect(await waiting).toMatchObject({ status: 0 })
  expect(await hanging).toBe('cut off')
  expect(await carrier.ended).toBe(0)
  expect(carrier.output()).not.toMatch(/1555/)
}, 20_000)

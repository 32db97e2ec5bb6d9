import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { carrierAt } from '../../chaos/outside/carrier.ts'
import { processesOf } from '../../chaos/system/processes.ts'
import { startWholeSystem, type WholeSystem } from '../../chaos/system/system.ts'
import { type Clients, connectClients } from '../demo/clients.ts'
import type { Terminal } from '../demo/terminal.ts'
import { judge, type Stopped } from './judge.ts'
import { residentMb, watchMemory } from './memory.ts'

export interface LaunchOptions {
  readonly recipients: number
  readonly stops: number
  readonly calm: boolean
  /** It is cancelled once this share has gone out. */
  readonly until: number
}

const recipientsPerCall = 10_000
const giveUpMs = 3_600_000
/** When which harm is done, by the share that has gone out. */
const harms = [
  { at: 0.2, kill: ['campaign'] },
  { at: 0.4, kill: ['nats'] },
  { at: 0.6, kill: ['campaign-2'] },
  { at: 0.75, kill: ['campaign', 'campaign-2', 'nats'] },
]
const downMs = 1_000

/** One broadcast to so many people, with people who say STOP and processes that are killed while it goes out. */
export async function launch(options: LaunchOptions, terminal: Terminal) {
  await using system = await startWholeSystem({
    servers: 'own',
    wire: async () => ({ copies: [{ name: 'campaign', own: {} }] }),
  })
  const urls = Object.fromEntries(system.run.processes.map(({ name, url }) => [name, url]))
  await using clients = connectClients({ urls, secrets: system.secrets })
  await using processes = processesOf(system.run, system.processFolder, [], system.sink)
  const carrier = carrierAt(urls['carrier-sim'] ?? '')
  const broadcast = await draft(clients, options.recipients, terminal)
  await carrier.routeTo(broadcast.from, `${urls['inbound-sms']}/webhooks/twilio`)
  const memory = watchMemory(() =>
    ['campaign', 'campaign-2'].map((name) => residentMb(processes.pidOf(name))),
  )
  const startedAt = performance.now()
  await clients.campaign.broadcasts.start.mutate(broadcast.key)
  const firstTextMs = await firstText(clients, broadcast, startedAt)
  const stops = Array.from({ length: Math.round(options.recipients * options.stops) }, Math.random).sort()
  const stopped: Stopped[] = []
  const saying: Promise<unknown>[] = []
  const due = options.calm ? [] : [...harms]
  const small = smallBroadcast(clients, carrier, urls['inbound-sms'] ?? '')
  for (;;) {
    const { state, counts } = await progress(clients, broadcast)
    const done = options.recipients - counts.waiting
    terminal.progress(done, options.recipients, 'gone out')
    while (stops.length > 0 && (stops[0] ?? 1) <= done / options.recipients) {
      stops.shift()
      saying.push(sayStop(carrier, broadcast, stopped))
    }
    if (due[0] && due[0].at <= done / options.recipients)
      for (const name of due.shift()?.kill ?? []) {
        terminal.step(`kill -9 ${name} at ${done.toLocaleString('en')}`)
        saying.push(processes.killAndRestart(serverName(system, name), downMs))
      }
    if (done / options.recipients >= options.until && state === 'running')
      await clients.campaign.broadcasts.cancel.mutate(broadcast.key)
    if (state === 'finished' || (state === 'cancelled' && counts.waiting === 0)) break
    if (performance.now() - startedAt > giveUpMs) throw new Error('it did not finish within an hour')
    await sleep(200)
  }
  const seconds = (performance.now() - startedAt) / 1_000
  await Promise.all(saying)
  terminal.endProgress()
  terminal.step('gone out; now every row and every phone is looked at')
  const judged = await judge(clients, carrier, broadcast, stopped, terminal)
  return {
    recipients: options.recipients,
    seconds: round(seconds),
    textsPerSecond: Math.round(judged.sent / seconds),
    firstTextMs: Math.round(firstTextMs),
    tenOfAnotherMs: Math.round(await small),
    stops: stopped.length,
    residentMbAtStart: memory.first,
    residentMbAtMost: memory.end(),
    ...judged,
  }
}

const serverName = ({ run }: WholeSystem, name: string) =>
  run.processes.find((one) => one.name === name || one.name.startsWith(name))?.name ?? name

async function progress(clients: Clients, { key }: Broadcast) {
  for (;;) {
    try {
      return await clients.campaign.broadcasts.get.query(key)
    } catch {
      // The first copy is away, as is meant.
      await sleep(100)
    }
  }
}

export interface Broadcast {
  readonly key: { readonly accountId: AccountId; readonly broadcastId: string }
  readonly from: PhoneNumber
  readonly numberAt: (index: number) => PhoneNumber
  readonly recipients: number
}

async function draft(
  clients: Clients,
  recipients: number,
  terminal: Pick<Terminal, 'step'>,
): Promise<Broadcast> {
  const accountId = `launch-${randomBytes(6).toString('hex')}` as AccountId
  const from = `+1556${randomInt(2_000_000, 9_999_999)}` as PhoneNumber
  await clients.compliance.accounts.create.mutate({ accountId, name: 'Acme' })
  await clients.compliance.accounts.addNumber.mutate({ accountId, number: from })
  const numberAt = (index: number) => `+1555${2_000_000 + index}` as PhoneNumber
  const { broadcasts } = clients.campaign
  const text = 'Acme: boots are half price today.'
  const { broadcastId } = await broadcasts.create.mutate({ accountId, from, text })
  const startedAt = performance.now()
  for (let at = 0; at < recipients; at += recipientsPerCall) {
    const size = Math.min(recipientsPerCall, recipients - at)
    const some = Array.from({ length: size }, (_, index) => ({ number: numberAt(at + index) }))
    await broadcasts.addRecipients.mutate({ accountId, broadcastId, recipients: some })
  }
  const seconds = (performance.now() - startedAt) / 1_000
  terminal.step(`${recipients.toLocaleString('en')} recipients added in ${round(seconds)} s`)
  return { key: { accountId, broadcastId }, from, numberAt, recipients }
}

async function firstText(clients: Clients, broadcast: Broadcast, startedAt: number): Promise<number> {
  for (;;) {
    // Rows are claimed in order, so the first text is among the first of them.
    const first = await clients.campaign.broadcasts.recipients
      .query({ ...broadcast.key, limit: 20 })
      .catch(() => null)
    if (first?.rows.some(({ state }) => state === 'sent')) return performance.now() - startedAt
    await sleep(10)
  }
}

/** Ten recipients of another account, begun right after the large one: how long until they are done, in ms. */
async function smallBroadcast(
  clients: Clients,
  carrier: ReturnType<typeof carrierAt>,
  inbound: string,
): Promise<number> {
  const { key, from } = await draft(clients, 10, { step: () => {} })
  await carrier.routeTo(from, `${inbound}/webhooks/twilio`)
  const startedAt = performance.now()
  await clients.campaign.broadcasts.start.mutate(key)
  for (;;) {
    const got = await clients.campaign.broadcasts.get.query(key).catch(() => null)
    if (got?.state === 'finished') return performance.now() - startedAt
    await sleep(20)
  }
}

/** One of the recipients texts STOP, whoever it may be. */
async function sayStop(carrier: ReturnType<typeof carrierAt>, broadcast: Broadcast, stopped: Stopped[]) {
  const number = broadcast.numberAt(randomInt(broadcast.recipients))
  const saidAt = Date.now()
  const { status, at } = await carrier.reply(number, { to: broadcast.from, body: 'STOP' })
  stopped.push({ number, saidAt, answeredAt: status === 200 ? at : null })
}

const round = (seconds: number) => Math.round(seconds * 10) / 10

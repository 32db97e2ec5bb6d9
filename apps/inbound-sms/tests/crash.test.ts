import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@heed/local-stack'
import { freePort, newPhoneNumber, smallDisks, testLog, waitFor } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { doorAt, newSid, publicUrl } from './carrier-door.ts'
import { type System, startInbound, startSystem } from './start-system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(async () => {
  await system[Symbol.asyncDispose]()
})

/** inbound-sms as a process of its own, to be killed. */
async function startProcess(dataDir: string) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { PATH = '' } = process.env
  const running = await system.group.start({
    name: `inbound-sms-${port}`,
    command: 'node',
    args: ['src/main.ts'],
    cwd: join(repository, 'apps/inbound-sms'),
    env: { PATH, ...system.environment, PORT: String(port), PUBLIC_URL: publicUrl, DATA_DIR: dataDir },
    url,
    ready: { http: `${url}/readyz` },
  })
  const { twilioAuthToken, twilioAccountSid } = system.secrets
  return { ...doorAt(url, twilioAuthToken, twilioAccountSid), running }
}

test('E7: a STOP journaled by a process that is killed before the commit is committed after its restart', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const dataDir = join(system.folder, 'killed')
  const person = newPhoneNumber()
  const MessageSid = newSid()
  const first = await startProcess(dataDir)
  system.proxies.compliance.blackhole()
  const answer = await first.text(person, businessNumber, 'STOP', { MessageSid })
  expect(answer.status).toBe(503)
  first.running.kill('SIGKILL')
  await first.running.exited
  // What was on its way to compliance died with the process's connections.
  await system.proxies.compliance.cut()
  await system.proxies.compliance.resume()
  expect(await system.status(accountId, person)).toMatchObject({ state: 'never' })
  const second = await startProcess(dataDir)
  await waitFor(async () => (await system.status(accountId, person))?.state === 'out', { timeoutMs: 15_000 })
  expect(await system.history(accountId, person)).toHaveLength(1)
  await second.running[Symbol.asyncDispose]()
})

test('a journal that cannot be written costs no STOP: it is committed, and nothing else is success', async () => {
  const { accountId, businessNumber } = await system.newAccount()
  const dataDir = join(system.folder, 'no-directory')
  writeFileSync(dataDir, 'a file stands where the directory should be')
  const log = testLog()
  await using inbound = await startInbound(system, { DATA_DIR: dataDir }, log)
  const person = newPhoneNumber()
  expect(await inbound.text(person, businessNumber, 'STOP')).toMatchObject({ status: 200 })
  expect(await system.status(accountId, person)).toMatchObject({ state: 'out' })
  await system.proxies.compliance.cut()
  expect(await inbound.text(person, businessNumber, 'STOP')).toMatchObject({ status: 503 })
  expect(await inbound.text(person, businessNumber, 'HELP')).toMatchObject({ status: 503 })
  await system.proxies.compliance.resume()
  expect(log.lines.map(({ fields }) => fields)).toContainEqual(
    expect.objectContaining({ alarm: 'journal-unusable' }),
  )
})

test('on a full disk a STOP is success only once it is committed, and the journal is used again when there is room', async () => {
  using disk = smallDisks['a full file system']?.(1)
  if (!disk) return console.warn('not run: a file system of its own cannot be mounted here')
  const filler = join(disk.dir, 'filler')
  expect(() => {
    for (;;) appendFileSync(filler, Buffer.alloc(4_096))
  }).toThrow('ENOSPC')
  const { accountId, businessNumber } = await system.newAccount()
  await using inbound = await startInbound(system, { DATA_DIR: disk.dir })
  const [one, two] = [newPhoneNumber(), newPhoneNumber()]
  expect(await inbound.text(one, businessNumber, 'STOP')).toMatchObject({ status: 200 })
  expect(await system.status(accountId, one)).toMatchObject({ state: 'out' })
  await system.proxies.compliance.cut()
  expect(await inbound.text(two, businessNumber, 'STOP')).toMatchObject({ status: 503 })
  rmSync(filler)
  expect(await inbound.text(two, businessNumber, 'STOP')).toMatchObject({ status: 503 })
  await system.proxies.compliance.resume()
  // Nobody sends it again: only the journal can.
  await waitFor(async () => (await system.status(accountId, two))?.state === 'out', { timeoutMs: 15_000 })
})

test('a damaged journal is set aside, and a new one begun', async () => {
  const dataDir = join(system.folder, 'damaged')
  mkdirSync(dataDir)
  writeFileSync(
    join(dataDir, 'journal.sqlite'),
    'no database, but long enough to be taken for one'.repeat(99),
  )
  await using inbound = await startInbound(system, { DATA_DIR: dataDir })
  const { accountId, businessNumber } = await system.newAccount()
  const person = newPhoneNumber()
  await system.proxies.compliance.cut()
  expect(await inbound.text(person, businessNumber, 'START')).toMatchObject({ status: 200 })
  await system.proxies.compliance.resume()
  await waitFor(async () => (await system.status(accountId, person))?.state === 'in', { timeoutMs: 15_000 })
})

test('the service says at its start if its data directory does not look as if it outlived it', async () => {
  const log = testLog()
  const dataDir = join('/dev/shm', `heed-${process.pid}`)
  {
    await using _inbound = await startInbound(system, { DATA_DIR: dataDir }, log)
  }
  rmSync(dataDir, { recursive: true, force: true })
  expect(log.lines.filter(({ message }) => message.startsWith('DATA_DIR'))).not.toHaveLength(0)
})

import { consentChanged, consentProvisional } from '@heed/events'
import { BusUnavailableError, connectBus } from '@heed/nats'
import { expect, test } from 'vitest'
import { checkNothingOpen, newAccountId, ownNats, startProxy, testLog, waitFor } from '../src/index.ts'
import { change } from './events.ts'

checkNothingOpen()

const open = (url: string, log = testLog()) => connectBus({ url, name: 'faults', log })

test('after the server was killed and started again, every reader goes on and nothing stored is missed', async () => {
  await using server = await ownNats()
  await using bus = await open(server.url)
  const account = newAccountId()
  const [followed, consumed, heard] = [new Set<number>(), new Set<number>(), new Set<number>()]
  bus.follow(consentChanged, account, { from: 'start' }, ({ rev }) => void followed.add(rev))
  bus.consume(consentChanged, { durable: 'faults' }, ({ rev }) => {
    consumed.add(rev)
    return 'ack'
  })
  using _subscription = bus.subscribe(consentChanged, '*', ({ rev }) => void heard.add(rev))
  for (let rev = 1; rev <= 20; rev++) await bus.publish(consentChanged, account, change(account, rev))
  await server.kill()
  await waitFor(() => !bus.isConnected())
  await server.start()
  await waitFor(() => bus.isConnected())
  for (let rev = 21; rev <= 40; rev++) await bus.publish(consentChanged, account, change(account, rev))
  await waitFor(() => followed.size === 40 && consumed.size === 40 && heard.has(40), { timeoutMs: 15_000 })
})

test('a server that lost its streams gets them again, and durables read on', async () => {
  await using server = await ownNats()
  await using bus = await open(server.url)
  const account = newAccountId()
  const [followed, jobs] = [new Set<number>(), new Set<string>()]
  bus.follow(consentChanged, account, { from: 'start' }, ({ rev }) => void followed.add(rev))
  const queue = bus.workQueue({ stream: 'JOBS', subject: 'jobs' })
  queue.consume({ durable: 'worker' }, ({ key }) => {
    jobs.add(key)
    return 'ack'
  })
  for (let rev = 1; rev <= 5; rev++) await bus.publish(consentChanged, account, change(account, rev))
  await queue.wake('before')
  await waitFor(() => followed.size === 5 && jobs.has('before'))
  await server.loseData()
  await server.start()
  await waitFor(() => bus.isConnected())
  await bus.publish(consentChanged, account, change(account, 6))
  await queue.wake('after')
  await waitFor(() => followed.has(6) && jobs.has('after'), { timeoutMs: 15_000 })
})

test('publishing while not connected fails at once, and while the server is silent within its deadline', async () => {
  await using server = await ownNats()
  await using proxy = await startProxy(server.port)
  await using bus = await open(`nats://127.0.0.1:${proxy.port}`)
  const account = newAccountId()
  await bus.publish(consentChanged, account, change(account, 1))
  proxy.blackhole()
  const started = performance.now()
  await expect(bus.publish(consentChanged, account, change(account, 2))).rejects.toThrow(BusUnavailableError)
  expect(performance.now() - started).toBeLessThan(5_500)
  await expect(bus.ping()).rejects.toThrow(BusUnavailableError)
  await proxy.cut()
  await waitFor(() => !bus.isConnected())
  await expect(bus.publish(consentChanged, account, change(account, 3))).rejects.toThrow(BusUnavailableError)
  const at = '2025-01-01T12:00:00.000Z'
  const hint = consentProvisional.schema.parse({ v: 1, account, number: '+15555550100', source: 's1', at })
  expect(bus.hint(consentProvisional, account, hint)).toBe(false)
  await proxy.resume()
  await waitFor(() => bus.isConnected())
  await bus.publish(consentChanged, account, change(account, 4))
})

test('events delivered into a connection that broke are handed over again to a follower', async () => {
  await using server = await ownNats()
  await using proxy = await startProxy(server.port)
  await using direct = await open(server.url)
  await using bus = await open(`nats://127.0.0.1:${proxy.port}`)
  const account = newAccountId()
  const revs: number[] = []
  bus.follow(consentChanged, account, { from: 'start' }, ({ rev }) => void revs.push(rev))
  await direct.publish(consentChanged, account, change(account, 1))
  await waitFor(() => revs.length === 1)
  proxy.blackhole()
  await direct.publish(consentChanged, account, change(account, 2))
  await direct.publish(consentChanged, account, change(account, 3))
  await proxy.cut()
  await proxy.resume()
  await waitFor(() => revs.length === 3)
  expect(revs).toEqual([1, 2, 3])
})

test('a service that starts before its server waits for it, and says so once without credentials', async () => {
  await using server = await ownNats()
  await server.kill()
  const log = testLog()
  const opening = connectBus({
    url: server.url.replace('nats://', 'nats://ann:secret@'),
    name: 'early',
    log,
  })
  await waitFor(() => log.lines.length === 1)
  await server.start()
  await using bus = await opening
  await bus.ping()
  expect(log.lines.map(({ message }) => message)).toEqual(['waiting for NATS', 'NATS is there'])
  expect(JSON.stringify(log.lines)).not.toMatch(/secret|ann/)
})

test('a wait that is called off ends', async () => {
  const calledOff = AbortSignal.timeout(100)
  const opening = connectBus({ url: 'nats://127.0.0.1:1', name: 'early', log: testLog(), signal: calledOff })
  await expect(opening).rejects.toThrow()
})

import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startProxy, startScriptedServer, testClock, testLog, waitFor } from '../src/index.ts'

test('a proxy holds, delays, cuts and lets through again', async () => {
  await using target = await startScriptedServer()
  await using proxy = await startProxy(Number(new URL(target.url).port))
  const ask = (timeoutMs = 2_000) =>
    fetch(`http://127.0.0.1:${proxy.port}/`, {
      signal: AbortSignal.timeout(timeoutMs),
      headers: { connection: 'close' },
    }).then((response) => response.status)
  expect(await ask()).toBe(200)
  proxy.delay(100)
  const started = performance.now()
  expect(await ask()).toBe(200)
  expect(performance.now() - started).toBeGreaterThan(190)
  await proxy.resume()
  proxy.blackhole()
  await expect(ask(200)).rejects.toThrow()
  await proxy.cut()
  const refused = connect(proxy.port, '127.0.0.1')
  const [error] = await once(refused, 'error')
  expect((error as NodeJS.ErrnoException).code).toBe('ECONNREFUSED')
  await proxy.resume()
  expect(await ask()).toBe(200)
})

test('a scripted server answers as told, in order, and remembers what it was asked', async () => {
  await using server = await startScriptedServer()
  server.next({ status: 429, body: '{"code":20429}' }, 'reset')
  server.usually({ status: 201 })
  const post = () => fetch(server.url, { method: 'POST', body: 'To=x' })
  expect((await post()).status).toBe(429)
  await expect(post()).rejects.toThrow()
  expect((await post()).status).toBe(201)
  expect(server.requests.map(({ method, body }) => [method, body])).toEqual([
    ['POST', 'To=x'],
    ['POST', 'To=x'],
    ['POST', 'To=x'],
  ])
})

test('waiting ends with what the probe said last', async () => {
  let left = 3
  expect(await waitFor(() => (left-- > 0 ? false : 'there'))).toBe('there')
  const failing = waitFor(() => Promise.reject(new Error('not yet')), { timeoutMs: 50, what: 'the reply' })
  await expect(failing).rejects.toThrow(/the reply did not come within 50 ms; last seen: Error: not yet/)
})

test('a test clock moves when told, and its wall can be set alone', () => {
  const clock = testClock(1_000)
  clock.advance(5)
  clock.setWall(50)
  expect([clock.now(), clock.monoMs()]).toEqual([50, 1_005])
})

test('a test log keeps level, message and fields', () => {
  const log = testLog()
  log.warn({ loop: 'fold' }, 'background work failed')
  expect(log.lines).toEqual([{ level: 'warn', message: 'background work failed', fields: { loop: 'fold' } }])
})

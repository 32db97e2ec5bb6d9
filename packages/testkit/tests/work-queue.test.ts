import type { Verdict } from '@heed/nats'
import { expect, test } from 'vitest'
import { checkNothingOpen, newAccountId, testBus, waitFor } from '../src/index.ts'

checkNothingOpen()

const spec = () => ({ stream: `JOBS_${newAccountId('q')}`, subject: `jobs.${newAccountId('q')}` })

test('jobs woken with one id count as one', async () => {
  await using bus = await testBus()
  const queue = bus.workQueue(spec())
  const done: string[] = []
  queue.consume({ durable: 'worker' }, ({ key }) => {
    done.push(key)
    return 'ack'
  })
  await queue.wake('first', { id: 'same' })
  await queue.wake('first', { id: 'same' })
  await queue.wake('last')
  await waitFor(() => done.includes('last'))
  expect(done).toEqual(['first', 'last'])
})

test('a job put off comes again, one that failed comes again, one that can never succeed does not', async () => {
  await using bus = await testBus()
  const queue = bus.workQueue(spec())
  const seen: string[] = []
  queue.consume({ durable: 'worker', concurrency: 1 }, ({ key }, { deliveries }) => {
    seen.push(`${key} ${deliveries}`)
    if (key === 'never') return 'term'
    if (deliveries > 1) return 'ack'
    if (key === 'fails') throw new Error('broken')
    return { retryInMs: 20 }
  })
  for (const key of ['later', 'never', 'fails']) await queue.wake(key)
  await waitFor(() => seen.length === 5)
  expect(seen.sort()).toEqual(['fails 1', 'fails 2', 'later 1', 'later 2', 'never 1'])
})

test('never more jobs are worked on than the concurrency allows, and all are done', async () => {
  await using bus = await testBus()
  const queue = bus.workQueue(spec())
  let now = 0
  let most = 0
  const done = new Set<string>()
  const consuming = queue.consume(
    { durable: 'worker', concurrency: 3 },
    async ({ key }): Promise<Verdict> => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
      done.add(key)
      return 'ack'
    },
  )
  await Promise.all(Array.from({ length: 100 }, (_, index) => queue.wake(`job ${index}`)))
  await waitFor(() => done.size === 100)
  expect(most).toBeLessThanOrEqual(3)
  await waitFor(() => consuming.inFlight() === 0)
})

test('a handler that takes longer than the ack wait keeps its job', async () => {
  await using bus = await testBus()
  const queue = bus.workQueue(spec())
  const release = Promise.withResolvers<void>()
  const seen: number[] = []
  queue.consume({ durable: 'worker', ackWaitMs: 300 }, async (_job, { deliveries }): Promise<Verdict> => {
    seen.push(deliveries)
    await release.promise
    return 'ack'
  })
  await queue.wake('slow')
  await waitFor(() => seen.length === 1)
  const started = performance.now()
  await waitFor(() => performance.now() - started > 1_000)
  release.resolve()
  expect(seen).toEqual([1])
})

test('two instances with one durable share the jobs, and what one gives up the other does', async () => {
  await using first = await testBus()
  await using second = await testBus({ databaseId: first.databaseId })
  const own = spec()
  const done: string[] = []
  const left: string[] = []
  const leaving = first
    .workQueue(own)
    .consume({ durable: 'worker', concurrency: 1 }, async ({ key }, { signal }) => {
      left.push(key)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return { retryInMs: 1 }
    })
  await first.workQueue(own).wake('only')
  await waitFor(() => left.length === 1)
  second.workQueue(own).consume({ durable: 'worker' }, ({ key }) => {
    done.push(key)
    return 'ack'
  })
  await leaving[Symbol.asyncDispose]()
  await waitFor(() => done.length === 1)
  expect([left, done]).toEqual([['only'], ['only']])
})

test('a life that is over leaves no queue and no durable, and takes none of another with it', async () => {
  await using over = await testBus()
  await using other = await testBus()
  const own = spec()
  const done: string[] = []
  const consume = (bus: typeof over) =>
    bus.workQueue(own).consume({ durable: 'worker' }, ({ key }) => {
      done.push(key)
      return 'ack'
    })
  await consume(over)[Symbol.asyncDispose]()
  await over.workQueue(own).wake('of the life that is over')
  await over.forget()
  consume(over)
  consume(other)
  await other.workQueue(own).wake('of the other')
  await over.workQueue(own).wake('new')
  await waitFor(() => done.length === 2)
  expect(done.sort()).toEqual(['new', 'of the other'])
})

import { setTimeout as sleep } from 'node:timers/promises'
import { newPhoneNumber, waitFor } from '@heed/testkit'
import { expect, test } from 'vitest'
import { openSequence } from './driver.ts'
import { sequenceClient, startHere, startSystem } from './start-system.ts'

const steps = [
  { delayMs: 0, text: 'One.' },
  { delayMs: 300, text: 'Two.' },
  { delayMs: 0, text: 'Three.' },
]

test('two copies and any number of wake-ups send each step to each number once', async () => {
  await using system = await startSystem()
  await using first = await startHere(system)
  await using second = await startHere(system)
  const numbers = Array.from({ length: 200 }, () => newPhoneNumber())
  const sequence = await openSequence({ system, rpc: first.rpc }, steps)
  const recipients = numbers.map((number) => ({ number }))
  const { accountId, sequenceId } = sequence
  const answers = await Promise.all(
    [first, second, first, second].map(({ rpc }) =>
      rpc.sequences.enrol.mutate({ accountId, sequenceId, recipients }),
    ),
  )
  expect(answers.reduce((sum, { enrolled }) => sum + enrolled, 0)).toBe(numbers.length)
  const queue = system.bus.workQueue({ stream: 'SEQUENCE_WORK', subject: 'sequence.work' })
  await Promise.all(Array.from({ length: 50 }, () => queue.wake(sequenceId)))
  await sequence.until('finished', numbers.length, 30_000)
  for (const number of numbers) {
    expect((await sequence.bodies(number)).map((body) => body.split(' ')[0])).toEqual([
      'One.',
      'Two.',
      'Three.',
    ])
  }
}, 60_000)

test('killed again and again in mid-work, it loses no step and sends none twice (E8)', async () => {
  await using system = await startSystem({ copies: 1, extra: { LEASE_MS: '1500' } })
  const service = system.services.service('sequence')
  await using client = sequenceClient(system, service.url)
  const numbers = Array.from({ length: 120 }, () => newPhoneNumber())
  const sequence = await openSequence({ system, rpc: client.rpc }, steps)
  const { accountId, sequenceId } = sequence
  const enrolAll = async () => {
    for (let start = 0; start < numbers.length; start += 10) {
      const recipients = numbers.slice(start, start + 10).map((number) => ({ number }))
      // A call that died with the service is made again, as a caller would.
      await waitFor(
        () => client.rpc.sequences.enrol.mutate({ accountId, sequenceId, recipients }).catch(() => false),
        { timeoutMs: 30_000 },
      )
    }
  }
  const enrolling = enrolAll()
  for (let kill = 0; kill < 6; kill++) {
    await sleep(150 + Math.random() * 500)
    await service.kill('SIGKILL')
    await service.restart()
  }
  await enrolling
  await sequence.until('finished', numbers.length, 60_000)
  let unknown = 0
  for (const { number, steps: texts } of await sequence.rows()) {
    const bodies = (await sequence.bodies(number)).map((body) => body.split(' ')[0])
    expect(new Set(bodies).size).toBe(bodies.length)
    expect(texts).toHaveLength(3)
    const lost = texts.filter(({ state }) => state === 'unknown').length
    expect(texts.filter(({ state }) => state === 'sent').length + lost).toBe(3)
    expect(bodies.length).toBeGreaterThanOrEqual(3 - lost)
    unknown += lost
  }
  // What was in flight in the instant of a kill, and no more.
  expect(unknown).toBeLessThanOrEqual(6 * 100)
  const { steps: counted } = await sequence.get()
  for (const { counts } of counted) expect(counts.sent + counts.unknown).toBe(numbers.length)
}, 120_000)

import { setTimeout as sleep } from 'node:timers/promises'
import { checkNothingOpen, freePort, newPhoneNumber, startProxy, testLog, waitFor } from '@heed/testkit'
import { expect, test } from 'vitest'
import { later, openSequence } from './driver.ts'
import { optOut, startHere, startSystem } from './start-system.ts'

checkNothingOpen()

const oneThenTwo = [
  { delayMs: 0, text: 'One.' },
  { delayMs: 200, text: 'Two.' },
]

test('without NATS it starts and texts, and opt-outs bind all the same', async () => {
  await using system = await startSystem()
  await using here = await startHere(system, { NATS_URL: `nats://127.0.0.1:${await freePort()}` })
  const [number, blocked] = [newPhoneNumber(), newPhoneNumber()]
  const sequence = await openSequence({ system, rpc: here.rpc }, [
    { delayMs: 0, text: 'One.' },
    { delayMs: 1_500, text: 'Two.' },
  ])
  await sequence.enrol(number, blocked)
  await sequence.untilStep(1, 'waiting', 2)
  await optOut(system, sequence.accountId, blocked)
  await sequence.until('finished')
  await sequence.until('suppressed')
  expect(await sequence.bodies(number)).toHaveLength(2)
  expect(await sequence.bodies(blocked)).toHaveLength(1)
  expect(await sequence.row(blocked)).toMatchObject({ reasons: [{ reason: 'opt-out', list: 'own' }] })
  const ready = await fetch(`${here.url}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'waiting', away: ['nats'] }])
}, 30_000)

test('when NATS comes back, opt-outs of meanwhile end what waits for long', async () => {
  await using system = await startSystem()
  await using nats = await startProxy(Number(new URL(system.environment.NATS_URL).port))
  await using here = await startHere(system, { NATS_URL: `nats://127.0.0.1:${nats.port}` })
  const number = newPhoneNumber()
  const sequence = await openSequence({ system, rpc: here.rpc }, [{ delayMs: later, text: 'One.' }])
  await sequence.enrol(number)
  await nats.cut()
  await optOut(system, sequence.accountId, number)
  await nats.resume()
  await sequence.until('suppressed', 1, 15_000)
}, 30_000)

test('without compliance nobody is texted (E6); people may be enrolled, and it goes on when it is back', async () => {
  await using system = await startSystem()
  await using compliance = await startProxy(Number(new URL(system.environment.COMPLIANCE_URL).port))
  const log = testLog()
  await using here = await startHere(system, { COMPLIANCE_URL: `http://127.0.0.1:${compliance.port}` }, log)
  const [before, during, blocked] = [newPhoneNumber(), newPhoneNumber(), newPhoneNumber()]
  const sequence = await openSequence({ system, rpc: here.rpc }, oneThenTwo)
  await sequence.enrol(before)
  await sequence.until('finished')
  await compliance.cut()
  await optOut(system, sequence.accountId, blocked)
  expect(await sequence.enrol(during, blocked)).toEqual({ enrolled: 2, known: 0 })
  await sleep(1_000)
  expect([await sequence.bodies(during), await sequence.bodies(blocked)]).toEqual([[], []])
  expect((await sequence.get()).steps[0]?.counts).toMatchObject({ waiting: 2, sent: 1 })
  await compliance.resume()
  await sequence.until('finished', 2, 20_000)
  await sequence.until('suppressed', 1, 20_000)
  expect(await sequence.bodies(blocked)).toEqual([])
  const said = JSON.stringify(log.lines)
  for (const number of [before, during, blocked]) expect(said).not.toContain(number.slice(1))
}, 60_000)

test('a caller hears that it is not known, where compliance would have to say', async () => {
  await using system = await startSystem()
  await using here = await startHere(system, { COMPLIANCE_URL: `http://127.0.0.1:${await freePort()}` })
  const { accountId, from } = await system.newAccount()
  const create = here.rpc.sequences.create.mutate({ accountId, from, steps: oneThenTwo })
  await expect(create).rejects.toMatchObject({ data: { reason: 'unavailable' } })
})

test('without the database nobody is texted, a caller hears so, and it goes on when it is back', async () => {
  await using system = await startSystem()
  await using mongo = await startProxy(Number(new URL(system.environment.MONGODB_URL).port))
  await using here = await startHere(system, {
    MONGODB_URL: `mongodb://127.0.0.1:${mongo.port}/?directConnection=true`,
  })
  const number = newPhoneNumber()
  const sequence = await openSequence({ system, rpc: here.rpc }, oneThenTwo)
  await sequence.enrol(number)
  await mongo.cut()
  await expect(sequence.enrol(newPhoneNumber())).rejects.toMatchObject({ data: { reason: 'unavailable' } })
  await expect(sequence.get()).rejects.toMatchObject({ data: { reason: 'unavailable' } })
  await mongo.resume()
  await sequence.until('finished', 1, 40_000)
  const bodies = await sequence.bodies(number)
  expect(new Set(bodies).size).toBe(bodies.length)
}, 60_000)

test('everything ends with the service, also before NATS was ever there (D2)', async () => {
  await using system = await startSystem()
  const here = await startHere(system, { NATS_URL: `nats://127.0.0.1:${await freePort()}` })
  await here[Symbol.asyncDispose]()
  await waitFor(async () =>
    fetch(`${here.url}/healthz`).then(
      () => false,
      () => true,
    ),
  )
})

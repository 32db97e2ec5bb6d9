import { afterAll, expect, inject, test } from 'vitest'
import { startWholeSystem } from '../chaos/system/system.ts'
import { connectClients } from '../scripts/demo/clients.ts'
import { points } from '../scripts/walk/walk.ts'
import { worldOf } from '../scripts/walk/world.ts'

const system = await startWholeSystem({
  servers: { mongodbUrl: inject('mongodbUrl'), natsUrl: inject('natsUrl') },
})
const urls = Object.fromEntries(system.run.processes.map(({ name, url }) => [name, url]))
const clients = connectClients({ urls, secrets: system.secrets })
afterAll(async () => {
  await clients[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
})

test.each(points)('$title, tried from outside', { timeout: 60_000 }, async ({ point }) => {
  const said: string[] = []
  await point(worldOf(clients), (line) => said.push(line))
  expect(said.length).toBeGreaterThan(0)
})

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { assignPorts } from './environment.ts'

test('a service gets its port, or a free one where another listens there; no two get the same', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as AddressInfo
  const ports = await assignPorts(['compliance', 'campaign', 'other'], { compliance: port, campaign: port })
  taken.close()
  expect(new Set([...Object.values(ports), port]).size).toBe(4)
})

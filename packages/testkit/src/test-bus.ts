import { randomBytes } from 'node:crypto'
import { type Bus, connectBus } from '@heed/nats'
import { inject } from 'vitest'
import { removeAtFileEnd } from './at-file-end.ts'
import { needed } from './needed.ts'
import { testLog } from './test-log.ts'

export interface TestBus extends Bus {
  readonly url: string
  /** Sets this bus's durables and work queues apart from those of other test files. */
  readonly databaseId: string
}

/** A connection to the run's NATS server. Streams of events are shared by all files: give each test accounts of its own. */
export async function testBus(options: { databaseId?: string } = {}): Promise<TestBus> {
  const url = needed('natsUrl', inject('natsUrl'))
  const databaseId = options.databaseId ?? randomBytes(6).toString('hex')
  const open = () =>
    connectBus({
      url,
      name: 'heed-test',
      log: testLog(),
      databaseId,
      signal: AbortSignal.timeout(10_000),
    })
  const bus = await open()
  removeAtFileEnd({
    name: `durables and queues of ${databaseId}`,
    remove: async () => {
      await using again = await open()
      await again.forget()
    },
  })
  return { ...bus, url, databaseId }
}

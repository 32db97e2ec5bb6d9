import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { stackConfig } from './config.ts'
import { repository } from './paths.ts'

test('nothing has to be given, and empty counts as not given', () => {
  const bare = stackConfig({ HOME: '/home/ann', PATH: '/bin', MONGODB_URL: '', HEED_WATCH: '' })
  expect(bare).toEqual({
    mongodbUrl: undefined,
    natsUrl: undefined,
    natsBinary: undefined,
    isWatching: false,
    cacheFolder: '/home/ann/.cache/heed',
    childBase: { HOME: '/home/ann', PATH: `${dirname(process.execPath)}:/bin` },
  })
})

test('what is given is used; a relative path to a server counts from the top of the checkout', () => {
  const given = stackConfig({
    HOME: '/home/ann',
    NATS_URL: 'nats://one:4222',
    NATS_SERVER_BINARY: 'bin/nats-server',
    XDG_CACHE_HOME: '/cache',
    HEED_WATCH: '1',
  })
  expect(given).toMatchObject({
    natsUrl: 'nats://one:4222',
    natsBinary: join(repository, 'bin/nats-server'),
    cacheFolder: '/cache/heed',
    isWatching: true,
  })
})

import { expect, test } from 'vitest'
import { serverAddress } from './server-address.ts'

test('credentials leave the address and become options', () => {
  expect(serverAddress('nats://ann:s%40cret@one:4333, nats://two')).toEqual({
    servers: ['one:4333', 'two:4222'],
    user: 'ann',
    pass: 's@cret',
  })
  expect(serverAddress('tls://t0ken@one')).toEqual({ servers: ['one:4222'], token: 't0ken', tls: {} })
})

test('an address that cannot be read is refused without repeating it', () => {
  for (const url of ['', 'http://x:4222', 'nats://ann:secret@']) {
    expect(() => serverAddress(url)).toThrow(TypeError)
    expect(() => serverAddress(url)).not.toThrow(/secret/)
  }
})

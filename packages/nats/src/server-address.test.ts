import { expect, test } from 'vitest'
import { serverAddress } from './server-address.ts'

test('credentials leave the address and become options', () => {
  expect(serverAddress('nats://ann:s%40cret@one:4333, nats://two')).toEqual({
    servers: ['one:4333', 'two:4222'],
    user: 'ann',
    pass: 's@cret',
    inboxPrefix: '_INBOX_ann',
  })
  expect(serverAddress('tls://t0ken@one')).toEqual({ servers: ['one:4222'], token: 't0ken', tls: {} })
})

test('a user whose name is no token of a subject keeps the usual inbox', () => {
  expect(serverAddress('nats://a.b:secret@one')).not.toHaveProperty('inboxPrefix')
})

test('an address that cannot be read is refused without repeating it', () => {
  for (const url of ['', 'http://x:4222', 'nats://ann:secret@']) {
    expect(() => serverAddress(url)).toThrow(TypeError)
    expect(() => serverAddress(url)).not.toThrow(/secret/)
  }
})

import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { isSignedV2, isSignedV3 } from './signature.ts'

// HubSpot's own example of v2 in its documentation of request validation.
const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'
const call = {
  method: 'POST',
  uri: 'https://www.example.com/webhook_uri',
  body: Buffer.from('{"example_field":"example_value"}'),
  signature: '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900',
}

test("HubSpot's own example of signature v2 is taken, and nothing that differs in a byte", () => {
  expect(isSignedV2(secret, call)).toBe(true)
  expect(isSignedV2('z', call)).toBe(false)
  expect(isSignedV2(secret, { ...call, method: 'PUT' })).toBe(false)
  expect(isSignedV2(secret, { ...call, uri: `${call.uri}?x=1` })).toBe(false)
  expect(isSignedV2(secret, { ...call, body: Buffer.from('{}') })).toBe(false)
  expect(isSignedV2(secret, { ...call, signature: '' })).toBe(false)
})

test('signature v3 is taken within five minutes of its timestamp, over the URI with its codes decoded', () => {
  const now = 1_800_000_000_000
  const timestamp = String(now)
  const signed = (uri: string) =>
    createHmac('sha256', secret).update(`POST${uri}${call.body.toString()}${timestamp}`).digest('base64')
  const v3 = {
    ...call,
    uri: 'https://x.example/a?u=%3A%2f%40',
    signature: signed('https://x.example/a?u=:/@'),
  }
  expect(isSignedV3(secret, v3, { timestamp, now })).toBe(true)
  expect(isSignedV3(secret, v3, { timestamp, now: now + 300_000 })).toBe(true)
  expect(isSignedV3(secret, v3, { timestamp, now: now + 300_001 })).toBe(false)
  expect(isSignedV3(secret, v3, { timestamp, now: now - 300_001 })).toBe(false)
  expect(isSignedV3(secret, v3, { timestamp: `${now + 1}`, now })).toBe(false)
  expect(isSignedV3(secret, v3, { timestamp: 'soon', now })).toBe(false)
})

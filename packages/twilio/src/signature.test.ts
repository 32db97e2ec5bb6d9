import { createHash } from 'node:crypto'
import twilio from 'twilio'
import { describe, expect, test } from 'vitest'
import { isValidWebhookSignature, signWebhook } from './signature.ts'

const authToken = '12345'
const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const params = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+12349013030',
  Digits: '1234',
  From: '+12349013030',
  To: '+18005551212',
}

test("the vector of Twilio's documentation is signed and accepted", () => {
  const signature = signWebhook({ authToken, url, params })
  expect(signature).toBe('0/KCTR6DLpKmkAf8muzZqo1nDgQ=')
  expect(isValidWebhookSignature({ authToken, url, params, signature })).toBe(true)
})

const forms: [string, Record<string, string | string[]>][] = [
  ['an ordinary message', params],
  ['no parameters', {}],
  ['text beyond ASCII', { Body: 'Stöp 🛑 &=+%', From: '+15550001111' }],
  ['a name with several values', { Media: ['b', 'a', 'b'], Body: '' }],
  ['names in another order', { b: '1', A: '2', a: '3', B: '4' }],
]
const urls = [
  url,
  'https://heed.example/webhooks/twilio',
  'https://heed.example:443/webhooks/twilio',
  'http://127.0.0.1:4000/webhooks/twilio/status?attempt=a.b~c',
  'https://user:secret@heed.example/hook?x=%20y&z=a+b',
  'https://[::1]:8080/hook',
]

describe.each(forms)('%s', (_, form) => {
  test.each(urls)("our signature and Twilio's library agree on %s", (target) => {
    const ours = signWebhook({ authToken, url: target, params: form })
    const theirs = twilio.getExpectedTwilioSignature(authToken, target, form)
    expect(ours).toBe(theirs)
    expect(twilio.validateRequest(authToken, ours, target, form)).toBe(true)
    expect(isValidWebhookSignature({ authToken, url: target, params: form, signature: theirs })).toBe(true)
  })

  test('entries are signed as a record is', () => {
    const entries = Object.entries(form).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    )
    expect(signWebhook({ authToken, url, params: entries })).toBe(
      signWebhook({ authToken, url, params: form }),
    )
  })
})

test.each([
  ['https://heed.example/hook', 'https://heed.example:443/hook'],
  ['https://heed.example:443/hook', 'https://heed.example/hook'],
  ['http://heed.example/hook', 'http://heed.example:80/hook'],
  ["https://heed.example/hook?name=O'Brien", 'https://heed.example/hook?name=O%27Brien'],
  ['https://heed.example/hook?a=b c', 'https://heed.example/hook?a=b%20c'],
])('a webhook to %s that was signed as %s is accepted', (configured, signed) => {
  const signature = signWebhook({ authToken, url: signed, params })
  expect(isValidWebhookSignature({ authToken, url: configured, params, signature })).toBe(true)
  expect(twilio.validateRequest(authToken, signature, configured, params)).toBe(true)
})

test('a wrong token, URL, parameter or signature is refused', () => {
  const signature = signWebhook({ authToken, url, params })
  const request = { authToken, url, params, signature }
  expect(isValidWebhookSignature({ ...request, authToken: '12346' })).toBe(false)
  expect(isValidWebhookSignature({ ...request, url: `${url}3` })).toBe(false)
  expect(isValidWebhookSignature({ ...request, params: { ...params, Digits: '1235' } })).toBe(false)
  expect(isValidWebhookSignature({ ...request, params: { ...params, Extra: '' } })).toBe(false)
  expect(isValidWebhookSignature({ ...request, signature: '' })).toBe(false)
  expect(isValidWebhookSignature({ ...request, signature: `${signature}=` })).toBe(false)
  expect(isValidWebhookSignature({ ...request, url: 'no url' })).toBe(false)
})

test('a JSON body is accepted by the hash in its signed URL, and only as it was', () => {
  const rawBody = Buffer.from('{"text":"stöp"}')
  const hash = createHash('sha256').update(rawBody).digest('hex')
  const target = `https://heed.example/hook?bodySHA256=${hash}`
  const signature = signWebhook({ authToken, url: target, params: {} })
  expect(twilio.validateRequestWithBody(authToken, signature, target, rawBody.toString())).toBe(true)
  expect(isValidWebhookSignature({ authToken, url: target, rawBody, signature })).toBe(true)
  expect(isValidWebhookSignature({ authToken, url: target, rawBody: Buffer.from('{}'), signature })).toBe(
    false,
  )
  const unhashed = 'https://heed.example/hook'
  const other = signWebhook({ authToken, url: unhashed, params: {} })
  expect(isValidWebhookSignature({ authToken, url: unhashed, rawBody, signature: other })).toBe(false)
})

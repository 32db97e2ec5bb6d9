import { expect, test } from 'vitest'
import { createMessageForm, parseCreateMessageAnswer } from './create-message.ts'

const sid = `SM${'0123456789abcdef'.repeat(2)}`

test('a message is created by a form', () => {
  const form = createMessageForm({
    to: '+15550001111',
    from: '+15550002222',
    body: 'a+b & ü',
    statusCallback: 'https://heed.example/status?attempt=1',
    validityPeriodSeconds: 60,
  })
  expect([...new URLSearchParams(form)]).toEqual([
    ['To', '+15550001111'],
    ['From', '+15550002222'],
    ['Body', 'a+b & ü'],
    ['StatusCallback', 'https://heed.example/status?attempt=1'],
    ['ValidityPeriod', '60'],
  ])
})

test('a created message was accepted', () => {
  expect(parseCreateMessageAnswer(201, JSON.stringify({ sid, status: 'queued', error_code: null }))).toEqual({
    outcome: 'accepted',
    sid,
    status: 'queued',
  })
})

test('21610 is a refusal for good', () => {
  expect(parseCreateMessageAnswer(400, '{"code":21610,"message":"…","status":400}')).toEqual({
    outcome: 'refused',
    code: 21610,
    httpStatus: 400,
    retryable: false,
  })
})

test.each([
  [429, '{"code":20429}', undefined, 20429, undefined],
  [429, 'slow down', '3', null, 3_000],
  [400, '{"code":21611}', undefined, 21611, undefined],
  [429, '{"code":20429}', 'Wed, 21 Oct 2026 07:28:00 GMT', 20429, undefined],
  [429, '{"code":20429}', '999999999', 20429, 3_600_000],
])('a refusal of the moment may be tried again: %s %s', (status, body, retryAfter, code, retryAfterMs) => {
  expect(parseCreateMessageAnswer(status, body, { retryAfter })).toEqual({
    outcome: 'refused',
    code,
    httpStatus: status,
    retryable: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
})

test.each([400, 401, 403, 404, 413])('any other 4xx is a definite failure: %s', (status) => {
  expect(parseCreateMessageAnswer(status, 'not JSON')).toMatchObject({
    outcome: 'refused',
    code: null,
    retryable: false,
  })
})

test.each([500, 502, 503, 504, 408, 302, 200, 201])(
  'an answer that does not exclude acceptance is unknown, never a failure: %s',
  (status) => {
    expect(parseCreateMessageAnswer(status, '{"code":20500}')).toEqual({
      outcome: 'unknown',
      httpStatus: status,
    })
    expect(parseCreateMessageAnswer(status, '')).toEqual({ outcome: 'unknown', httpStatus: status })
  },
)

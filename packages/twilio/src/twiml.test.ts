import { expect, test } from 'vitest'
import { messageResponse } from './twiml.ts'

test('no text is an empty response', () => {
  expect(messageResponse()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>')
  expect(messageResponse('')).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>')
})

test('a text is one message, escaped', () => {
  expect(messageResponse('Tom & Jerry <3 "ok" ü🛑\n')).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><Response><Message>Tom &amp; Jerry &lt;3 "ok" ü🛑\n</Message></Response>',
  )
})

test('what XML cannot hold is left out', () => {
  expect(messageResponse('a\u0000b\ud800c\uffffd')).toContain('<Message>abcd</Message>')
})

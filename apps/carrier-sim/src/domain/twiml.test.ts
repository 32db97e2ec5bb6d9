import { messageResponse } from '@heed/twilio'
import { expect, test } from 'vitest'
import { readTwiml } from './twiml.ts'

test.each<[string, string[]]>([
  ['<Response/>', []],
  ['<?xml version="1.0" encoding="UTF-8"?><Response></Response>', []],
  ['<Response><Message>Hi</Message></Response>', ['Hi']],
  ['<Response>\n  <Message to="+15550001111" action=\'/x\'>\n Hi \n</Message>\n</Response>\n', ['Hi']],
  ['<Response><Message><Body>Hi</Body><Media>http://x/y.png</Media></Message></Response>', ['Hi']],
  ['<Response><Message>a</Message><Message>b</Message></Response>', ['a', 'b']],
  [
    '<Response><Message>&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos; &#33; &#x1F6D1;</Message></Response>',
    [`<a> & "b" 'c' ! 🛑`],
  ],
  ['<Response><Message><![CDATA[a < b & c]]></Message></Response>', ['a < b & c']],
  ['<!-- c --><Response><!-- <Message>no</Message> --><Message>yes</Message></Response>', ['yes']],
  ['<Response><Message></Message><Redirect>/x</Redirect></Response>', []],
])('reads %s', (xml, messages) => {
  expect(readTwiml(xml)).toEqual({ ok: true, messages })
})

test.each([
  '',
  'OK',
  '{"ok":true}',
  '<Message>Hi</Message>',
  '<Response><Message>Hi</Response>',
  '<Response><Message>Hi</Message>',
  '<Response><Message>a & b</Message></Response>',
  '<Response><Message>&nbsp;</Message></Response>',
  '<Response/><Response/>',
  '<Response><Message>a < b</Message></Response>',
])('what is no TwiML sends nothing: %j', (xml) => {
  expect(readTwiml(xml)).toEqual({ ok: false })
})

test('what our own services answer is read as it was written', () => {
  const text = 'Tom & Jerry <3 "x" \'y\' ü🛑\nnext'
  expect(readTwiml(messageResponse(text))).toEqual({ ok: true, messages: [text] })
  expect(readTwiml(messageResponse())).toEqual({ ok: true, messages: [] })
})

test('a hostile answer is refused in less than a tenth of a second', () => {
  for (const xml of [
    '<Response>'.repeat(6_000),
    '<a '.repeat(20_000),
    `<a ${'b="c" '.repeat(10_000)}`,
    '<!--'.repeat(15_000),
  ]) {
    const start = performance.now()
    expect(readTwiml(xml)).toEqual({ ok: false })
    expect(performance.now() - start).toBeLessThan(100)
  }
})

import { expect, test } from 'vitest'
import { formParams, parseForm } from './form.ts'
import { InboundMessageForm, StatusCallbackForm } from './webhooks.ts'

const sid = (kind: string) => kind + '0123456789abcdef'.repeat(2)

test.each<[string, [string, string][]]>([
  ['', []],
  [
    'a=1&b=2',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  [
    'a=1&a=2',
    [
      ['a', '1'],
      ['a', '2'],
    ],
  ],
  ['a', [['a', '']]],
  ['=x', [['', 'x']]],
  ['&&a=b&', [['a', 'b']]],
  ['a=b=c', [['a', 'b=c']]],
  ['Body=St%C3%B6p+now%21%20%F0%9F%9B%91', [['Body', 'Stöp now! 🛑']]],
  ['Body=Stöp', [['Body', 'Stöp']]],
  ['From=%2B15550001111', [['From', '+15550001111']]],
  [
    'a=100%&b=%zz%4',
    [
      ['a', '100%'],
      ['b', '%zz%4'],
    ],
  ],
  ['%EF%BB%BFa=%EF%BB%BFb', [['\ufeffa', '\ufeffb']]],
  ['__proto__=x', [['__proto__', 'x']]],
])('a form is read as it was written: %j', (body, entries) => {
  expect(parseForm(Buffer.from(body))).toEqual({ ok: true, entries })
  if (!body.startsWith('%EF')) expect([...new URLSearchParams(body)]).toEqual(entries)
})

test.each(['a=%FF', 'a=%C3', '%C3%28=b', 'a=%ED%A0%80', 'a=%F0%9F%9B'])(
  'bytes that are no UTF-8 are refused, not replaced: %s',
  (body) => {
    expect(parseForm(Buffer.from(body))).toEqual({ ok: false, reason: 'invalid-utf8' })
  },
)

test('a raw byte that is no UTF-8 is refused', () => {
  expect(parseForm(Buffer.from([0x61, 0x3d, 0xff]))).toEqual({ ok: false, reason: 'invalid-utf8' })
})

test('a repeated name becomes a list, and a hostile one stays a name', () => {
  expect(
    formParams([
      ['a', '1'],
      ['a', '2'],
      ['__proto__', 'x'],
    ]),
  ).toEqual(Object.assign(Object.create(null), { a: ['1', '2'], ['__proto__']: 'x' }))
  expect(({} as { x?: unknown }).x).toBeUndefined()
})

const inbound = {
  MessageSid: sid('SM'),
  AccountSid: sid('AC'),
  From: '+15550001111',
  To: '+15550002222',
  Body: 'STOP',
  NumMedia: '0',
}

test('an inbound message is read, and fields nobody knows yet are let through', () => {
  expect(InboundMessageForm.parse({ ...inbound, ToCity: 'X', OptOutType: 'STOP' })).toMatchObject({
    Body: 'STOP',
    OptOutType: 'STOP',
    NumMedia: 0,
    ToCity: 'X',
  })
})

test('a field that no opt-out needs is never a reason to refuse a message', () => {
  expect(InboundMessageForm.parse({ ...inbound, OptOutType: 'LATER', NumMedia: 'x' })).toMatchObject({
    Body: 'STOP',
  })
})

test('a message without its id, its sender or its addressee is refused', () => {
  for (const name of ['MessageSid', 'AccountSid', 'From', 'To']) {
    expect(InboundMessageForm.safeParse({ ...inbound, [name]: undefined }).success).toBe(false)
  }
  expect(InboundMessageForm.safeParse({ ...inbound, From: ['+15550001111', '+15550003333'] }).success).toBe(
    false,
  )
})

test('a status callback is read', () => {
  const status = {
    MessageSid: sid('SM'),
    AccountSid: sid('AC'),
    MessageStatus: 'undelivered',
    To: '+15550001111',
  }
  expect(StatusCallbackForm.parse({ ...status, ErrorCode: '30003' })).toMatchObject({ ErrorCode: 30003 })
  expect(StatusCallbackForm.safeParse({ ...status, MessageStatus: '' }).success).toBe(false)
})

import { expect, test } from 'vitest'
import { namesKeyword } from './names-keyword.ts'

test.each([
  'Reply STOP to opt out',
  'Txt STOP 2 end',
  'stop to end',
  'STOP=end',
  'Opt out: STOP',
  'Antworte STOP zum Abmelden',
  'Responde “stop” para salir',
  'Reply OPT-OUT to leave',
])('a wording names a keyword: %j', (wording) => {
  expect(namesKeyword(wording)).toBe(true)
})

test.each([
  '',
  'Stop by our store',
  "Don't stop believing",
  'Reply BYE to leave',
  'Reply STOPP to leave',
  'Visit example.com to unsubscribe',
  'We stop when you say so',
])('a wording names none: %j', (wording) => {
  expect(namesKeyword(wording)).toBe(false)
})

test("a wording may name the account's own keyword", () => {
  expect(namesKeyword('Reply BYE to leave', { optOut: ['BYE'] })).toBe(true)
  expect(namesKeyword('Responde ALTO para salir', { optOut: ['ALTO'] })).toBe(true)
  expect(namesKeyword('回覆退訂以取消', { optOut: ['退訂'] })).toBe(true)
  expect(namesKeyword('回覆以取消', { optOut: ['退訂'] })).toBe(false)
})

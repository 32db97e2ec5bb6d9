import { describe, expect, test } from 'vitest'
import { mayBeOptOut, readIntent } from './read-intent.ts'

describe('what a text asks for', () => {
  test.each([
    ['STOP', undefined, 'opt-out', 'keyword'],
    [' stop. ', undefined, 'opt-out', 'keyword'],
    ['START', undefined, 'opt-in', 'keyword'],
    ['info', undefined, 'help', 'keyword'],
    ['Hello', undefined, 'none', 'none'],
    ['Farvel', 'STOP', 'opt-out', 'carrier-keyword'],
    ['Velkommen', 'START', 'opt-in', 'carrier-keyword'],
    ['Hvordan', 'HELP', 'help', 'carrier-keyword'],
    ['Abmelden', undefined, 'opt-out', 'language-keyword'],
    ['AYUDA', undefined, 'help', 'language-keyword'],
    ['Please stop texting me', undefined, 'opt-out', 'inferred-stop-contact'],
    ['Please stop texting me', 'START', 'opt-out', 'inferred-stop-contact'],
    ['Please stop texting me', 'STOP', 'opt-out', 'carrier-keyword'],
    ['STOP', 'START', 'opt-out', 'keyword'],
    ['START', 'STOP', 'opt-out', 'carrier-keyword'],
    ['START', 'HELP', 'opt-in', 'keyword'],
  ] as const)('%s with the carrier saying %s is %s by %s', (text, optOutType, intent, cause) => {
    const message = { text, ...(optOutType ? { optOutType } : {}) }
    expect(readIntent(message)).toMatchObject({ intent, cause })
  })
})

test('a word of the account opts out, and no standard one can be redefined', () => {
  const keywords = { optOut: ['FARVEL', 'START'] }
  expect(readIntent({ text: 'farvel' }, keywords)).toMatchObject({
    intent: 'opt-out',
    cause: 'account-keyword',
  })
  expect(readIntent({ text: 'start' }, keywords)).toMatchObject({ intent: 'opt-in' })
})

test('only a YES lifts nothing but a block', () => {
  expect(readIntent({ text: 'yes' }).onlyIfBlocked).toBe(true)
  expect(readIntent({ text: 'unstop' }).onlyIfBlocked).toBe(false)
  expect(readIntent({ text: 'Ja', optOutType: 'START' }).onlyIfBlocked).toBe(false)
})

test('a text that is no standard keyword may be one of the account', () => {
  expect(mayBeOptOut({ text: 'Farvel' })).toBe(true)
  expect(mayBeOptOut({ text: 'STOP' })).toBe(true)
  expect(mayBeOptOut({ text: 'HELP' })).toBe(false)
  expect(mayBeOptOut({ text: 'AYUDA' })).toBe(true)
})

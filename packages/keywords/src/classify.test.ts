import { describe, expect, test } from 'vitest'
import { classify } from './classify.ts'
import { helpKeywords, optInKeywords, optOutKeywords } from './standard-keywords.ts'

const decorations: readonly [name: string, decorate: (keyword: string) => string][] = [
  ['as it is', (k) => k],
  ['in lower case', (k) => k.toLowerCase()],
  ['in mixed case', (k) => k.charAt(0) + k.slice(1).toLowerCase()],
  ['between spaces and line breaks', (k) => `\r\n \t${k} \u00a0\u3000\n`],
  ['with punctuation', (k) => `¡${k}!!…`],
  ['in straight quotes', (k) => `"${k}"`],
  ['in curly quotes', (k) => `“${k}”`],
  ['in brackets', (k) => `<[${k}]>`],
  ['with emoji', (k) => `🛑${k} 👍🏽🇺🇸👨‍👩‍👧`],
  ['with currency and mathematical symbols', (k) => `€+${k}=`],
  [
    'in full-width letters',
    (k) => k.replace(/[A-Z]/g, (c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)),
  ],
  [
    'in bold mathematical letters',
    (k) => k.replace(/[A-Z]/g, (c) => String.fromCodePoint(c.charCodeAt(0) + 0x1d3bf)),
  ],
  ['in circled letters', (k) => k.replace(/[A-Z]/g, (c) => String.fromCodePoint(c.charCodeAt(0) + 0x2475))],
  ['with zero-width characters inside', (k) => [...k].join('\u200b\u2060\ufeff')],
  ['with variation selectors', (k) => [...k].join('\ufe0f\u{e0100}')],
  ['with bidirectional marks', (k) => `\u2066${k}\u2069`],
  ['with combining marks', (k) => [...k].join('\u0301')],
  ['with a control character', (k) => `\u0000${k}\u0007`],
]

describe.each([
  ['opt-out', optOutKeywords],
  ['opt-in', optInKeywords],
  ['help', helpKeywords],
] as const)('the standard keywords of %s', (intent, keywords) => {
  test.each(decorations)('are heard %s', (_, decorate) => {
    for (const keyword of keywords) {
      const heard = { intent, rule: 'keyword', matched: keyword, language: 'en', confidence: 1 }
      expect(classify(decorate(keyword))).toEqual(heard)
    }
  })
})

test.each(['OPT-OUT', 'Opt–Out', 'opt - out', 'opt\nout', 'opt   out', 'opt\u00a0out'])(
  'the two words of OPT OUT are heard however they are spaced: %j',
  (text) => {
    expect(classify(text)).toMatchObject({ intent: 'opt-out', matched: 'OPT OUT' })
  },
)

test.each(['STOP ALL', 'Stop-All', 'stop  all'])('the two words of STOP ALL are heard: %j', (text) => {
  expect(classify(text)).toMatchObject({ intent: 'opt-out', matched: 'STOP ALL' })
})

test('case folds alike in every locale, the Turkish letters included', () => {
  expect(classify('unsubscrıbe')).toMatchObject({ intent: 'opt-out' })
  expect(classify('UNSUBSCRİBE')).toMatchObject({ intent: 'opt-out' })
})

test.each([
  '',
  ' \n',
  '\u200b',
  '❤️',
  '!!!',
  "Don't stop",
  'Stop by anytime',
  'stopwatch',
  'STOP 2',
  'can-cel',
  'un stop',
  'restart',
  'yesterday',
  'Yes, 3pm works',
  'help me choose a size',
  'Pending',
  'Reply STOP to opt out',
])('a word within other words, or in its ordinary meaning, means nothing: %j', (text) => {
  expect(classify(text)).toEqual({ intent: 'none', rule: 'no-match', confidence: 1 })
})

test("an account's own keywords are heard besides the standard ones", () => {
  const keywords = { optOut: ['Kein Interesse', '退訂'], optIn: ['Weiter'], help: ['Hilfe'] }
  expect(classify('kein  interesse!', { keywords })).toEqual({
    intent: 'opt-out',
    rule: 'account-keyword',
    matched: 'Kein Interesse',
    confidence: 1,
  })
  expect(classify('「退訂」', { keywords })).toMatchObject({ intent: 'opt-out', matched: '退訂' })
  expect(classify('WEITER', { keywords })).toMatchObject({ intent: 'opt-in' })
  expect(classify('hilfe?', { keywords })).toMatchObject({ intent: 'help' })
  expect(classify('stop', { keywords })).toMatchObject({ intent: 'opt-out', rule: 'keyword' })
})

test('an account cannot give a standard keyword another meaning', () => {
  const keywords = { optIn: ['STOP', 'opt-out'], help: ['Quit'], optOut: ['START'] }
  expect(classify('STOP', { keywords })).toMatchObject({ intent: 'opt-out' })
  expect(classify('opt out', { keywords })).toMatchObject({ intent: 'opt-out' })
  expect(classify('quit', { keywords })).toMatchObject({ intent: 'opt-out' })
  expect(classify('START', { keywords })).toMatchObject({ intent: 'opt-in' })
})

test("an account's word with two meanings opts out", () => {
  expect(classify('go', { keywords: { optIn: ['GO'], optOut: ['Go'] } })).toMatchObject({ intent: 'opt-out' })
})

test('an account keyword without a letter or digit is never heard', () => {
  expect(classify('⭐', { keywords: { optOut: ['⭐', ' ', ''] } })).toMatchObject({ intent: 'none' })
})

test('a stop sign says the word', () => {
  for (const text of ['🛑', '🛑🛑🛑', 'please 🛑', '🛑 texting me'])
    expect([text, classify(text).intent]).toEqual([text, 'likely-opt-out'])
  expect(classify('road closed 🛑 take the other way')).toMatchObject({ intent: 'none' })
})

test('a keyword among ten thousand meaningless characters is heard', () => {
  expect(classify(`${'!'.repeat(5000)}stop${'\u200b'.repeat(5000)}`)).toMatchObject({ intent: 'opt-out' })
  expect(classify(`opt${' '.repeat(9990)}out`)).toMatchObject({ intent: 'opt-out' })
})

test.each<[string, string]>([
  ['marks that Unicode must reorder', `a${'\u0301'.repeat(5000)}${'\u0327'.repeat(5000)}`],
  ['marks after a keyword', `stop${'\u0301\u0327'.repeat(5000)}`],
  ['letters that decompose to eighteen', '\ufdfa'.repeat(10_000)],
  ['symbols that decompose to six', '\u3316'.repeat(10_000)],
  ['punctuation', `${'!'.repeat(9996)}stop`],
  ['punctuation broken late', `${'!'.repeat(5000)}a${'!'.repeat(4998)}b`],
  ['spaces', `a${' '.repeat(9998)}b`],
  ['spaces and hyphens', `a${' - '.repeat(3333)}b`],
  ['keywords', 'STOP '.repeat(2000)],
  ['emoji', '👨‍👩‍👧'.repeat(1250)],
  ['lone surrogates', '\udc00'.repeat(5000) + '\ud800'.repeat(5000)],
  ['Hangul letters', '\u1100\u1161\u11a8'.repeat(3333)],
  ['orders', 'please stop texting me '.repeat(434)],
  ['negations', 'do not '.repeat(1428)],
  ['half of a rule', `${'dont want '.repeat(990)}texts`],
  ['words of many languages', 'nicht mehr not want no mas ne plus '.repeat(285)],
  ['a script without spaces', '不要再'.repeat(3333)],
  ['Cyrillic words', 'стоп пишите не больше '.repeat(454)],
  ['quotation marks', '“'.repeat(10_000)],
  ['quotations', '"abcdefghijklmn'.repeat(666)],
  ['single letters', 's t o p x '.repeat(1000)],
  ['apostrophes', "n't'".repeat(2500)],
  ['ends of sentences beside a keyword', `${'!'.repeat(4000)} stop x ${'.'.repeat(5990)}`],
  ['one long word', 'unsubscrib'.repeat(1000)],
  ['our own instruction', 'reply stop to opt out '.repeat(454)],
])('ten thousand hostile characters take less than a millisecond: %s', (_, text) => {
  for (let i = 0; i < 20; i++) classify(text)
  const tookMs = Array.from({ length: 40 }, () => {
    const start = performance.now()
    classify(text)
    return performance.now() - start
  })
  expect(Math.min(...tookMs)).toBeLessThan(1)
})

import { expect, test } from 'vitest'
import { retryRule, withoutFragment } from './retry-rule.ts'

test.each<[string, number, string[]]>([
  ['https://heed.example/hook', 1, ['ct']],
  ['https://heed.example/hook#rc=3', 3, ['ct']],
  ['https://heed.example/hook#rc=0', 0, ['ct']],
  ['https://heed.example/hook#rc=9', 1, ['ct']],
  ['https://heed.example/hook#rp=4xx,5xx', 1, ['4xx', '5xx']],
  ['https://heed.example/hook#rc=2&rp=all', 2, ['ct', 'rt', '4xx', '5xx']],
])('%s is tried again as its fragment says', (url, retriesMax, failures) => {
  const rule = retryRule(url)
  expect([rule.retriesMax, [...rule.retriedFailures]]).toEqual([retriesMax, failures])
})

test('the fragment is cut off', () => {
  expect(withoutFragment('https://heed.example/hook?a=1#rc=3')).toBe('https://heed.example/hook?a=1')
})

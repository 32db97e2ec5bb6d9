import { Origin } from '@heed/phone'
import { expect, test } from 'vitest'
import { bindingReasons } from './binds.ts'
import { defaultPolicy, type Reason } from './verdict.ts'

const reason = (list: string): Reason => ({ list, since: '2026-01-01T00:00:00.000Z', rev: 1 })

test.each([...Origin.options, undefined])('own, carrier and dnc each bind the origin %s', (origin) => {
  for (const list of ['own', 'carrier', 'dnc']) {
    expect(bindingReasons([reason(list)], origin, defaultPolicy)).toEqual([reason(list)])
  }
})

test('a list that this code has never heard of binds', () => {
  expect(bindingReasons([reason('programme-7')], 'reply', defaultPolicy)).toHaveLength(1)
})

test('where no reason stands none binds', () => {
  expect(bindingReasons([], 'broadcast', defaultPolicy)).toEqual([])
})

test('a list that accounts share binds the origins that the account has named for it, and no list of its own less', () => {
  const list = 'national-us-dnc'
  const policy = { v: 2 as const, national: [{ list, origins: ['broadcast' as const, 'crm' as const] }] }
  const reasons = [reason(list), reason('own')]
  expect(bindingReasons(reasons, 'broadcast', policy)).toEqual(reasons)
  expect(bindingReasons(reasons, undefined, policy)).toEqual(reasons)
  expect(bindingReasons(reasons, 'one-to-one', policy)).toEqual([reason('own')])
  expect(bindingReasons([reason('national-other')], 'broadcast', policy)).toEqual([])
})

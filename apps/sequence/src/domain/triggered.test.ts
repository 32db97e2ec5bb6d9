import { expect, test } from 'vitest'
import { isToEnrol, triggeredBy } from './triggered.ts'

const change = (rev: number, contactId: string, ...added: string[]) => ({
  rev,
  at: new Date(1_000 * rev).toISOString(),
  contacts: [{ contactId, added }],
})
const trigger = { keys: ['vip'], from: { rev: 2, at: new Date(2_000) } }

test('a tag given after the trigger began enrols, one given before and another tag do not', () => {
  const changes = [change(2, 'ct_a', 'VIP'), change(3, 'ct_b', 'VIP'), change(4, 'ct_c', 'gold')]
  expect(triggeredBy(trigger, [...changes, change(5, 'ct_b', 'vip')], false)).toEqual(['ct_b'])
})

test('where a restore has made the revs anew, the time of the change counts', () => {
  const late = { ...change(1, 'ct_d', 'vip'), at: new Date(9_000).toISOString() }
  expect(triggeredBy(trigger, [late, change(1, 'ct_e', 'vip')], true)).toEqual(['ct_d'])
})

test('who has lost the tag since, or has one that is kept from the sequence, is not enrolled', () => {
  expect(isToEnrol(['Vip'], ['vip'], [])).toBe(true)
  expect(isToEnrol(['gold'], ['vip'], [])).toBe(false)
  expect(isToEnrol(['VIP', 'Blacklist'], ['vip'], ['blacklist'])).toBe(false)
})

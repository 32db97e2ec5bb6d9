import { expect, test } from 'vitest'
import { databaseName } from './database-name.ts'

test('a database is named by its app, and by an id where one is given', () => {
  expect(databaseName('compliance')).toBe('heed_compliance')
  expect(databaseName('inbound-sms', 'a1B2')).toBe('heed_inbound-sms_a1B2')
  expect(databaseName('compliance', '')).toBe('heed_compliance')
})

test('a name that could mean another database is refused', () => {
  for (const app of ['', 'Compliance', 'a/b', 'a.b', '../a', 'x'.repeat(25)]) {
    expect(() => databaseName(app)).toThrow(RangeError)
  }
  for (const id of ['a.b', 'a b', '$', 'x'.repeat(33)])
    expect(() => databaseName('campaign', id)).toThrow(RangeError)
})

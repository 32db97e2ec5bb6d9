import { consentChanged, consentProvisional, deliveryReported } from '@heed/events'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { subjectOf } from './subscribe.ts'

const contract = fc.constantFrom(consentChanged, consentProvisional, deliveryReported)
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({
    unit: fc.constantFrom('a', 'A', '0', '_', '-', '.', '*', '>', '$', '/', ' ', '\n', 'é'),
    maxLength: 6,
  }),
  fc.string({ unit: fc.constantFrom('a', '-', '_'), minLength: 60, maxLength: 70 }),
)

test('E9, D3: no account id makes a subject of more than its own token: it is that token, or refused', () => {
  fc.assert(
    fc.property(contract, hostile, (contract, account) => {
      fc.pre(account !== '*')
      const isId = account.length > 0 && account.length <= 64 && !/[^A-Za-z0-9_-]/.test(account)
      if (!isId) {
        expect(() => subjectOf(contract, account)).toThrow(RangeError)
        return
      }
      const subject = subjectOf(contract, account)
      expect(subject).toBe(`${contract.subjectPrefix}.${account}`)
      expect(subject.slice(contract.subjectPrefix.length + 1)).toMatch(/^[A-Za-z0-9_-]+$/)
    }),
    { numRuns: 2_000 },
  )
})

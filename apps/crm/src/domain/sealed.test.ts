import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { seal, unseal } from './sealed.ts'

const key = randomBytes(32)

test('a secret is read again by its own link with the same key, and by nothing else', () => {
  const sealed = seal(key, 'hs_1', 'refresh-me', randomBytes(12))
  expect(unseal(key, 'hs_1', sealed)).toBe('refresh-me')
  expect(sealed).not.toContain('refresh')
  expect(() => unseal(key, 'hs_2', sealed)).toThrow()
  expect(() => unseal(randomBytes(32), 'hs_1', sealed)).toThrow()
  const bytes = Buffer.from(sealed, 'base64url')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  expect(() => unseal(key, 'hs_1', bytes.toString('base64url'))).toThrow()
})

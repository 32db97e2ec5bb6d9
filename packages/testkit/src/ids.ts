import { randomBytes, randomInt } from 'node:crypto'
import { AccountId, PhoneNumber } from '@heed/phone'

/** An account that no other test has. */
export function newAccountId(prefix = 't'): AccountId {
  return AccountId.parse(`${prefix}_${randomBytes(8).toString('hex')}`)
}

/** A number that belongs to nobody: area code 555 is not assigned (NANPA). Others may draw the same one by chance. */
export function newPhoneNumber(): PhoneNumber {
  return PhoneNumber.parse(`+1555${randomInt(2_000_000, 10_000_000)}`)
}

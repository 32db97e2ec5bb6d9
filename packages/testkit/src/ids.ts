import { randomBytes, randomInt } from 'node:crypto'
import { AccountId, PhoneNumber } from '@heed/phone'

/** An account that no other test has. */
export function newAccountId(prefix = 't'): AccountId {
  return AccountId.parse(`${prefix}_${randomBytes(8).toString('hex')}`)
}

const numbersMax = 8_000_000
/** Prime to `numbersMax`, so that a file draws none twice: of 2,000 drawn by chance two would be one in four files. */
const stride = 104_729
let drawn = randomInt(numbersMax)

/** A number that belongs to nobody (area code 555 is not assigned, NANPA), and that this file has not drawn before. */
export function newPhoneNumber(): PhoneNumber {
  drawn = (drawn + stride) % numbersMax
  return PhoneNumber.parse(`+1555${2_000_000 + drawn}`)
}

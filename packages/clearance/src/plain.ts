import { AccountId, Epoch, Origin } from '@heed/phone'
import { checkAccountsMax, checkNumbersMax } from './protocol.ts'
import type { CheckInput, CheckOutput } from './verdict.ts'

// The usual question and the usual answer, told at a glance: a schema takes four times as long for each number. What is
// not taken here is no error, it is read by its schema; what is taken, the schema takes unchanged (a test holds that).

/** Whether this is a `CheckInput` of the usual shape. False says nothing. */
export function isPlainInput(value: unknown): value is CheckInput {
  if (!isRecordOf(value, 1) || !Array.isArray(value.asks)) return false
  const { asks } = value
  if (asks.length < 1 || asks.length > checkAccountsMax) return false
  let room = checkNumbersMax
  for (const ask of asks) {
    if (!isPlainAsk(ask)) return false
    room -= ask.numbers.length
  }
  return room >= 0
}

function isPlainAsk(value: unknown): value is { numbers: readonly unknown[] } {
  if (!isRecordOf(value, 'origin' in Object(value) ? 3 : 2)) return false
  const { accountId, numbers, origin } = value
  if (origin !== undefined && !Origin.safeParse(origin).success) return false
  if (!AccountId.safeParse(accountId).success) return false
  return Array.isArray(numbers) && numbers.length > 0 && numbers.every(isNumber)
}

/** Whether this is a `CheckOutput` in which every ask was answered and nothing blocks. False says nothing. */
export function isPlainOutput(value: unknown): value is CheckOutput {
  return Array.isArray(value) && value.length <= checkAccountsMax && value.every(isPlainAnswer)
}

/** Whether this is a `CheckAnswer` in which nothing blocks. False says nothing. */
export function isPlainAnswer(value: unknown): value is CheckOutput[number] {
  if (!isRecordOf(value, 5)) return false
  const { epoch, rev, leaseMs, policy, verdicts } = value
  if (!Number.isSafeInteger(rev) || (rev as number) < 0) return false
  if (!Number.isSafeInteger(leaseMs) || (leaseMs as number) <= 0) return false
  if (!isRecordOf(policy, 1) || policy.v !== 1 || !Epoch.safeParse(epoch).success) return false
  return Array.isArray(verdicts) && verdicts.length <= checkNumbersMax && verdicts.every(isFree)
}

function isFree(value: unknown): boolean {
  if (!isRecordOf(value, 2)) return false
  const { allowed, reasons } = value
  return typeof allowed === 'boolean' && Array.isArray(reasons) && reasons.length === 0
}

const [plus, zero, one, nine] = ['+', '0', '1', '9'].map((digit) => digit.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
]

/** `PhoneNumber`'s rule: `+`, then 7 to 15 digits, the first not 0. */
function isNumber(value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 8 || value.length > 16) return false
  if (value.charCodeAt(0) !== plus || value.charCodeAt(1) < one) return false
  for (let index = 1; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code < zero || code > nine) return false
  }
  return true
}

function isRecordOf(value: unknown, keys: number): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  let count = 0
  for (const _ in value) count++
  return count === keys
}

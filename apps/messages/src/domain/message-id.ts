import { createHash } from 'node:crypto'
import type { AccountId } from '@heed/phone'

/** One request, one text: whoever repeats a request, wherever and whenever, gets the same id. */
export function messageIdOf(a: AccountId, requestId: string): string {
  const hash = createHash('sha256').update(`${a.length}:${a}${requestId}`).digest('hex')
  return `tx_${hash.slice(0, 32)}`
}

/** Whether an attempt, which begins with its text's id, is of a text of this service. */
export const isMessageAttempt = (attemptId: string) => attemptId.startsWith('tx_')

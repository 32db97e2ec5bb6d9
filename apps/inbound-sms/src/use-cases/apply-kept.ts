import { PhoneNumber } from '@heed/phone'
import type { Compliance } from '../clients/compliance.ts'
import type { KeptMessageStore } from '../store/kept-messages.ts'
import type { Inbox } from './inbox.ts'

/**
 * Brings through what was kept for business numbers that somebody owns by now. A text leaves the durable list
 * after it was committed, never before.
 */
export function applyKept(deps: {
  kept: () => Pick<KeptMessageStore, 'unownedNumbers' | 'unownedOf' | 'release'>
  compliance: Pick<Compliance, 'resolve'>
  inbox: Pick<Inbox, 'take'>
}) {
  const applyAll = async (number: string, signal: AbortSignal) => {
    while (!signal.aborted) {
      const messages = await deps.kept().unownedOf(number)
      if (messages.length === 0) return
      for (const message of messages) {
        const outcome = await deps.inbox.take(message).outcome
        if (outcome.state === 'waiting') throw new Error('a kept text is not committed yet')
        if (outcome.settled.account === null && outcome.settled.outcome === 'unowned') return
        await deps.kept().release(message.id)
      }
    }
  }
  return async (signal: AbortSignal): Promise<void> => {
    for (const number of await deps.kept().unownedNumbers()) {
      const parsed = PhoneNumber.safeParse(number)
      if (!parsed.success || signal.aborted) continue
      if ((await deps.compliance.resolve(parsed.data)) !== null) await applyAll(number, signal)
    }
  }
}

import type { Asker, Gate, Held, Suppressed } from '@heed/clearance'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { batcher, type Timers } from '@heed/service'
import type { ClaimedText } from '../store/text-document.ts'
import { verdictAtHand } from './verdict-at-hand.ts'

export type VerdictAhead = 'allowed' | Held | Suppressed

/** Asks for verdicts in batches, just before the hand-off. */
export interface Verdicts {
  /** At once where one is at hand that lasts long enough. */
  ask(text: ClaimedText): Promise<VerdictAhead>
  /** Asks so that the verdict is at hand when the text's turn comes. */
  askAhead(text: ClaimedText): void
  /** The last answer said that the authority is away; claiming more would only hold it. */
  readonly isAway: boolean
}

export function verdictsAhead({
  gate,
  asker,
  timers,
}: {
  gate: Pick<Gate, 'pass' | 'lacking'>
  asker: Pick<Asker, 'prepare'>
  timers: Timers
}): Verdicts {
  let isAway = false
  const questions = batcher<ClaimedText, VerdictAhead>({
    itemsMax: 1_000,
    batchesMax: 2,
    timers,
    run: async (texts) => {
      const byAccount = new Map<AccountId, PhoneNumber[]>()
      for (const { a, number } of texts) {
        const numbers = byAccount.get(a)
        if (numbers) numbers.push(number)
        else byAccount.set(a, [number])
      }
      const answers = await Promise.all([...byAccount].map(([a, numbers]) => asker.prepare(a, numbers)))
      isAway = answers.every(({ unknown, reason }) => reason === 'unavailable' && unknown.length > 0)
      return texts.map((text) => verdictAtHand(gate, clearanceText(text)))
    },
  })
  const isAtHand = ({ a, number }: ClaimedText) => {
    const { numbers, underWay } = gate.lacking(a, [number])
    return numbers.length + underWay.size === 0
  }
  return {
    ask: async (text) => (isAtHand(text) ? verdictAtHand(gate, clearanceText(text)) : questions.add(text)),
    askAhead: (text) => void questions.add(text).catch(() => {}),
    get isAway() {
      return isAway
    },
  }
}

export function clearanceText({ a, number, origin }: ClaimedText) {
  return { accountId: a, number, origin }
}

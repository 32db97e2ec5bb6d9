import { isZone, judgeHours } from '@heed/quiet-hours'
import type { StoredText } from '../store/text-document.ts'
import type { Judgement } from './judgement.ts'

const ownWindow = {
  id: 'send-window',
  jurisdiction: 'own',
  source: 'the sender',
  confidence: 'primary',
} as const

/** What a text's own send windows say at `now`: it goes, waits for the next one, or ends where none can come. */
export function judgeSendWindows({ sendWindows }: Pick<StoredText, 'sendWindows'>, now: Date): Judgement {
  if (!sendWindows) return 'go'
  const { zone, windows } = sendWindows
  const never = { suppress: [{ reason: 'no-send-window', since: now.toISOString() }] }
  if (!isZone(zone)) return never
  const verdict = judgeHours({ rules: [{ ...ownWindow, windows }], zones: [zone] }, now.getTime())
  if (verdict.outcome === 'allowed') return 'go'
  if (verdict.outcome === 'never') return never
  return { holdUntil: new Date(verdict.heldUntil), heldBy: verdict.rule.id }
}

import type { AccountId } from '@heed/phone'
import type { Judgement } from './domain/judgement.ts'
import { capsOfPlace, judgeQuietHours, keepsHours } from './domain/quiet-hours.ts'
import type { SendingSettings } from './sending-settings.ts'
import type { ClaimedText } from './store/text-document.ts'
import type { CappedText, CapResult, TakeCaps } from './take-caps.ts'

/**
 * Judges claimed texts by the law's hours and by caps, where their account has turned them on. A text that the hours
 * hold counts for no cap. What is not known throws, and holds.
 */
export function judgeTexts(deps: {
  settings: (a: AccountId) => Promise<SendingSettings>
  takeCaps: TakeCaps
  /** What the app itself says of texts that the hours let go. */
  own?: (texts: readonly ClaimedText[]) => Promise<readonly Judgement[]>
  now: () => Date
}): (texts: readonly ClaimedText[]) => Promise<Judgement[]> {
  return async (texts) => {
    const judgements = new Map<ClaimedText, Judgement>()
    for (const [a, those] of Map.groupBy(texts, (text) => text.a)) {
      const settings = await deps.settings(a)
      const now = deps.now()
      for (const text of those) judgements.set(text, hoursOf(settings, text, now))
      const going = those.filter((text) => judgements.get(text) === 'go')
      const own = going.length > 0 && deps.own ? await deps.own(going) : null
      if (own) going.forEach((text, index) => void judgements.set(text, own[index] ?? notKnown()))
      const capped = those
        .filter((text) => judgements.get(text) === 'go')
        .map((text) => ({ text, caps: capsOf(settings, text) }))
        .filter(({ caps }) => caps.length > 0)
      if (capped.length === 0) continue
      const asked = capped.map(({ text, caps }): CappedText => ({ id: text._id, number: text.number, caps }))
      const results = await deps.takeCaps(a, asked)
      capped.forEach(({ text }, index) => void judgements.set(text, judgementOf(results[index])))
    }
    return texts.map((text) => judgements.get(text) ?? notKnown())
  }
}

const hoursOf = ({ quietHours }: SendingSettings, text: ClaimedText, now: Date): Judgement =>
  quietHours === 'on' ? judgeQuietHours(text, now) : 'go'

function capsOf({ quietHours, caps }: SendingSettings, text: ClaimedText) {
  if (!keepsHours(text)) return []
  return [...caps, ...(quietHours === 'on' ? capsOfPlace(text) : [])]
}

function judgementOf(result: CapResult | undefined): Judgement {
  if (result === undefined) return notKnown()
  if (result === null) return 'go'
  const { holdUntil, texts, hours } = result
  return { holdUntil: new Date(holdUntil), heldBy: `cap-${texts}-in-${hours}h` }
}

function notKnown(): never {
  throw new Error('no judgement came for a text')
}

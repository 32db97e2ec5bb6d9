import { Epoch } from '@heed/phone'
import { expect } from 'vitest'
import { attemptIdOf, type ClaimedText, claimKey } from '../src/store/text-document.ts'
import type { TextResult } from '../src/store/text-outcomes.ts'
import type { TestStores } from './stores.ts'

export const now = new Date()
export const soon = () => new Date(Date.now() + 60_000)
export const basis = {
  epoch: Epoch.parse('0123456789abcdef'),
  rev: 3,
  gatedAt: 1_000,
  writtenAt: 1_002,
  late: false,
}
export const sent = (text: ClaimedText, more: Partial<TextResult> = {}): TextResult => ({
  text,
  hasIntent: true,
  settlement: { state: 'sent', reasons: [] },
  basis,
  providerId: `SM${text._id}`,
  error: null,
  ...more,
})
export const unknown = (text: ClaimedText) =>
  sent(text, { settlement: { state: 'unknown', reasons: [] }, providerId: null })
export const receipt = (
  text: ClaimedText,
  status: 'accepted' | 'sent' | 'delivered' | 'failed',
  errorCode?: string,
) => ({
  a: text.a,
  attemptId: attemptIdOf(text),
  providerId: 'SM1',
  status,
  errorCode,
  at: now.toISOString(),
})
/** Ways into the states of a text. */
export function textStates(stores: () => TestStores) {
  const stateOf = async ({ a, _id }: ClaimedText) => (await stores().texts.find(a, [_id]))[0]
  const sending = async (howMany = 1) => {
    const lane = await stores().newLane()
    await stores().addTexts(lane, howMany)
    const claimed = await stores().claim(lane, howMany)
    expect(await stores().texts.recordIntents(claimed)).toEqual(new Set(claimed.map(claimKey)))
    return { lane, claimed, text: claimed[0] as ClaimedText }
  }
  return { stateOf, sending }
}

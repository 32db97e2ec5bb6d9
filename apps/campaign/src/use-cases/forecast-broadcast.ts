import {
  type Judgement,
  judgeQuietHours,
  judgeSendWindows,
  type Outbound,
  outwardState,
} from '@heed/outbound'
import type { PhoneNumber } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { ComplianceAccounts } from '../compliance.ts'
import { type Forecast, whatIf } from '../domain/what-if.ts'
import type { WhatIfInput } from '../schemas.ts'
import type { Broadcasts } from '../store/broadcasts.ts'
import { sendWindowsOf } from './insert-audience.ts'

const recipientsPerPage = 5_000

/**
 * How a page of a broadcast's recipients would fare if it began now: by what compliance answers and by its send
 * windows. It changes nothing and promises nothing: the gate asks again in the instant of each text.
 */
export function forecastBroadcast(deps: {
  broadcasts: Pick<Broadcasts, 'get'>
  outbound: Pick<Outbound, 'texts' | 'now'>
  accounts: Pick<ComplianceAccounts, 'blocked' | 'get'>
}) {
  return async ({ accountId: a, broadcastId: id, cursor, segmentPrice }: WhatIfInput) => {
    const broadcast = await deps.broadcasts.get({ a, id })
    if (!broadcast) throw new DomainError('unknown-broadcast')
    const page = await deps.outbound.texts.page({ a, lane: id }, cursor ?? null, recipientsPerPage)
    const last = page.length === recipientsPerPage ? page.at(-1) : undefined
    const waiting = page.filter(({ state }) => outwardState(state) === 'waiting')
    const numbers = waiting.map(({ number }) => number as PhoneNumber)
    const [blocked, { quietHours, hasCaps }] = await Promise.all([
      deps.accounts.blocked(a, numbers),
      deps.accounts.get(a),
    ])
    // All its texts have the same windows.
    const now = deps.outbound.now()
    const windows = judgeSendWindows(sendWindowsOf(broadcast), now)
    const forecasts = page
      .filter(({ state }) => ['waiting', 'suppressed'].includes(outwardState(state)))
      .map((text): Forecast => {
        const hours = quietHours === 'on' ? judgeQuietHours(text, now) : 'go'
        const never = [...suppressedBy(windows), ...suppressedBy(hours)]
        const all = [...text.reasons, ...(blocked.get(text.number) ?? []), ...never]
        const reasons = all.map(({ reason }) => reason)
        return { segments: text.segments, reasons, heldBy: heldBy(windows) ?? heldBy(hours) }
      })
    const caps = hasCaps ? ('on' as const) : ('off' as const)
    const forecast = whatIf(forecasts)
    const cost = segmentPrice === undefined ? null : costOf(forecast.segments, segmentPrice)
    return { ...forecast, cost, quietHours, caps, nextCursor: last?._id ?? null }
  }
}

/** To a millionth, so that no binary fraction shows. */
const costOf = (segments: number, price: number) => Math.round(segments * price * 1e6) / 1e6

const suppressedBy = (judged: Judgement) =>
  typeof judged === 'object' && 'suppress' in judged ? judged.suppress : []
const heldBy = (judged: Judgement) =>
  typeof judged === 'object' && 'holdUntil' in judged ? (judged.heldBy ?? null) : null

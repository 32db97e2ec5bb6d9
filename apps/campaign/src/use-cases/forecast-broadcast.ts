import { judgeSendWindows, type Outbound, outwardState, type TextDocument } from '@heed/outbound'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { ComplianceAccounts } from '../compliance.ts'
import { type Forecast, whatIf } from '../domain/what-if.ts'
import type { WhatIfInput } from '../schemas.ts'
import type { Broadcasts } from '../store/broadcasts.ts'

const recipientsPerPage = 5_000

/**
 * How a page of a broadcast's recipients would fare if it began now: by what compliance answers and by its send
 * windows. It changes nothing and promises nothing: the gate asks again in the instant of each text.
 */
export function forecastBroadcast(deps: {
  broadcasts: Pick<Broadcasts, 'get'>
  outbound: Pick<Outbound, 'texts' | 'now'>
  accounts: Pick<ComplianceAccounts, 'blocked'>
}) {
  return async ({ accountId: a, broadcastId: id, cursor }: WhatIfInput) => {
    if (!(await deps.broadcasts.get({ a, id }))) throw new DomainError('unknown-broadcast')
    const page = await deps.outbound.texts.page({ a, lane: id }, cursor ?? null, recipientsPerPage)
    const last = page.length === recipientsPerPage ? page.at(-1) : undefined
    const waiting = page.filter(({ state }) => outwardState(state) === 'waiting')
    const blocked = await blockedOf(deps, a, waiting)
    const now = deps.outbound.now()
    const forecasts = page
      .filter(({ state }) => ['waiting', 'suppressed'].includes(outwardState(state)))
      .map((text): Forecast => {
        const reasons = [...text.reasons, ...(blocked.get(text.number) ?? [])].map(({ reason }) => reason)
        const judged = judgeSendWindows(text, now)
        if (typeof judged === 'object' && 'suppress' in judged)
          reasons.push(...judged.suppress.map(({ reason }) => reason))
        const heldBy = typeof judged === 'object' && 'holdUntil' in judged ? (judged.heldBy ?? null) : null
        return { segments: text.segments, reasons, heldBy }
      })
    return { ...whatIf(forecasts), quietHours: 'off' as const, nextCursor: last?._id ?? null }
  }
}

function blockedOf(
  { accounts }: { accounts: Pick<ComplianceAccounts, 'blocked'> },
  a: AccountId,
  texts: readonly TextDocument[],
) {
  return accounts.blocked(
    a,
    texts.map(({ number }) => number as PhoneNumber),
  )
}

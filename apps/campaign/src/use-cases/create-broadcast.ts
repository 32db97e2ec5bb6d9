import { closedLane, type Outbound } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import type { ComplianceAccounts } from '../compliance.ts'
import { audienceOf } from '../domain/audience.ts'
import type { CreateInput } from '../schemas.ts'
import type { BroadcastDocument } from '../store/broadcast-document.ts'
import type { Broadcasts } from '../store/broadcasts.ts'
import { composeBroadcast } from './compose-text.ts'
import { insertAudience } from './insert-audience.ts'

/**
 * Keeps a draft with all its recipients, or nothing that anybody sees: it turns from `preparing` to `draft` in
 * one write after the last recipient is kept.
 */
export function createBroadcast(deps: {
  broadcasts: Broadcasts
  outbound: Pick<Outbound, 'texts' | 'now'>
  accounts: ComplianceAccounts
  newId: () => string
}) {
  return async (input: CreateInput): Promise<{ broadcastId: string }> => {
    const account = await deps.accounts.get(input.accountId)
    if (!account.numbers.includes(input.from)) throw new DomainError('not-own-number')
    const composed = composeBroadcast(input, account)
    const { recipients = [] } = input
    const id = deps.newId()
    const broadcast: BroadcastDocument = {
      _id: id,
      a: input.accountId,
      state: 'preparing',
      from: input.from,
      givenText: input.text,
      ...composed,
      ...(input.sendWindows ? { sendWindows: input.sendWindows } : {}),
      nextIndex: recipients.length,
      lane: closedLane(input.ratePerSecond ?? null),
      createdAt: deps.outbound.now(),
      startedAt: null,
      endedAt: null,
    }
    await deps.broadcasts.insert(broadcast)
    await insertAudience(deps.outbound, broadcast, audienceOf(recipients, new Set()), 0)
    if (!(await deps.broadcasts.prepared({ a: input.accountId, id }))) {
      throw new DomainError('unavailable', { detail: 'the draft took too long and was cleaned away' })
    }
    return { broadcastId: id }
  }
}

import { closedLane, type Outbound } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import { composeText, namesKeyword } from '@heed/wording'
import type { ComplianceAccounts } from '../compliance.ts'
import { audienceOf } from '../domain/audience.ts'
import type { CreateInput } from '../schemas.ts'
import type { BroadcastDocument } from '../store/broadcast-document.ts'
import type { Broadcasts } from '../store/broadcasts.ts'
import { insertAudience } from './insert-audience.ts'

/** What a carrier accepts (Twilio: 1,600 characters, error 21617 beyond). */
const textMax = 1_600

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
    const id = deps.newId()
    const broadcast: BroadcastDocument = {
      _id: id,
      a: input.accountId,
      state: 'preparing',
      from: input.from,
      givenText: input.text,
      ...composed,
      nextIndex: input.recipients.length,
      lane: closedLane(input.ratePerSecond ?? null),
      createdAt: deps.outbound.now(),
      startedAt: null,
      endedAt: null,
    }
    await deps.broadcasts.insert(broadcast)
    await insertAudience(deps.outbound, broadcast, audienceOf(input.recipients, new Set()), 0)
    if (!(await deps.broadcasts.prepared({ a: input.accountId, id }))) {
      throw new DomainError('unavailable', { detail: 'the draft took too long and was cleaned away' })
    }
    return { broadcastId: id }
  }
}

function composeBroadcast(
  { text, optOutInstruction }: CreateInput,
  account: Awaited<ReturnType<ComplianceAccounts['get']>>,
) {
  const keywords = { optOut: [...account.optOutKeywords] }
  const instruction = optOutInstruction ?? account.optOutInstruction
  if (!namesKeyword(instruction, keywords)) throw new DomainError('wording-names-no-keyword')
  const composed = composeText({ text, instruction, keywords })
  if (composed.text.length > textMax) throw new DomainError('text-too-long')
  const { segments, encoding, instructionAppended } = composed
  return { text: composed.text, segments, encoding, instructionAppended }
}

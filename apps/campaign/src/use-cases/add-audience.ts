import type { AudiencePage } from '@heed/audience'
import type { AccountId } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { AddAudienceInput } from '../schemas.ts'
import type { Broadcasts } from '../store/broadcasts.ts'
import type { addRecipients } from './add-recipients.ts'

/**
 * Adds a page of an audience to a draft, and tells where the next one begins. A call may be repeated: who is in the
 * broadcast already stays as they are.
 */
export function addAudience(deps: {
  broadcasts: Pick<Broadcasts, 'get'>
  addRecipients: ReturnType<typeof addRecipients>
  audience: (
    a: AccountId,
    audience: AddAudienceInput['audience'],
    cursor: string | null,
  ) => Promise<AudiencePage>
}) {
  return async ({ accountId, broadcastId, audience, cursor }: AddAudienceInput) => {
    const broadcast = await deps.broadcasts.get({ a: accountId, id: broadcastId })
    if (!broadcast) throw new DomainError('unknown-broadcast')
    if (broadcast.state !== 'draft') throw new DomainError('wrong-state')
    const { people, nextCursor } = await deps.audience(accountId, audience, cursor ?? null)
    if (people.length > 0) await deps.addRecipients({ accountId, broadcastId, recipients: [...people] })
    return { people: people.length, nextCursor }
  }
}

import type { Outbound } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import { audienceOf } from '../domain/audience.ts'
import type { AddRecipientsInput } from '../schemas.ts'
import type { Broadcasts } from '../store/broadcasts.ts'
import { insertAudience } from './insert-audience.ts'

const addingMaxMs = 60_000

/**
 * Adds recipients to a draft; those that are in it already stay as they are, so a call that failed may be
 * repeated whole. The broadcast cannot start while it runs.
 */
export function addRecipients(deps: { broadcasts: Broadcasts; outbound: Pick<Outbound, 'texts' | 'now'> }) {
  return async ({ accountId: a, broadcastId: id, recipients }: AddRecipientsInput) => {
    const now = deps.outbound.now()
    const until = new Date(now.getTime() + addingMaxMs)
    const broadcast = await deps.broadcasts.beginAdding({ a, id }, recipients.length, now, until)
    if (!broadcast) {
      const exists = await deps.broadcasts.get({ a, id })
      throw new DomainError(exists ? 'wrong-state' : 'unknown-broadcast')
    }
    try {
      const contactIds = recipients.flatMap(({ contactId }) => contactId ?? [])
      const before = await deps.outbound.texts.contactsIn({ a, lane: id }, contactIds)
      await insertAudience(deps.outbound, broadcast, audienceOf(recipients, before), broadcast.nextIndex)
    } finally {
      await deps.broadcasts.endAdding({ a, id }, until)
    }
    return { broadcastId: id, state: 'draft' as const }
  }
}

import type { NewText, Outbound } from '@heed/outbound'
import type { AudienceMember } from '../domain/audience.ts'
import type { BroadcastDocument } from '../store/broadcast-document.ts'

const textsPerInsert = 1_000

/** Makes one text for each member, in order; repeating it changes nothing, because a number is there once. */
export async function insertAudience(
  outbound: Pick<Outbound, 'texts' | 'now'>,
  broadcast: Pick<BroadcastDocument, '_id' | 'a' | 'from' | 'text' | 'segments'>,
  members: readonly AudienceMember[],
  firstIndex: number,
): Promise<void> {
  const now = outbound.now()
  const since = now.toISOString()
  for (let start = 0; start < members.length; start += textsPerInsert) {
    const texts = members.slice(start, start + textsPerInsert).map(
      ({ number, contactId, isSecondNumber }, index): NewText => ({
        id: `${broadcast._id}-${String(firstIndex + start + index).padStart(8, '0')}`,
        lane: broadcast._id,
        owner: broadcast._id,
        number,
        contactId,
        from: broadcast.from,
        origin: 'broadcast',
        text: broadcast.text,
        segments: broadcast.segments,
        ...(isSecondNumber ? { suppressed: [{ reason: 'duplicate-contact', since }] } : {}),
      }),
    )
    await outbound.texts.insert(broadcast.a, texts, now)
  }
}

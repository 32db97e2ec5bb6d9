import type { NewText, Outbound } from '@heed/outbound'
import { statedPlace, windowsOf } from '@heed/quiet-hours'
import type { AudienceMember } from '../domain/audience.ts'
import type { BroadcastDocument } from '../store/broadcast-document.ts'
import { personalTexts } from './compose-text.ts'

const textsPerInsert = 1_000

/** Makes one text for each member, in order; repeating it changes nothing, because a number is there once. */
export async function insertAudience(
  outbound: Pick<Outbound, 'texts' | 'now'>,
  broadcast: Pick<
    BroadcastDocument,
    '_id' | 'a' | 'from' | 'givenText' | 'text' | 'segments' | 'wording' | 'sendWindows'
  >,
  members: readonly AudienceMember[],
  firstIndex: number,
): Promise<void> {
  const now = outbound.now()
  const since = now.toISOString()
  const windows = sendWindowsOf(broadcast)
  const personal = personalTexts(broadcast)
  for (let start = 0; start < members.length; start += textsPerInsert) {
    const texts = members
      .slice(start, start + textsPerInsert)
      .map(({ number, contactId, fields, zone, zip, isSecondNumber }, index): NewText => {
        const { text, segments, isTooLong } = personal(fields ?? {})
        const reason = isSecondNumber ? 'duplicate-contact' : isTooLong ? 'text-too-long' : null
        return {
          id: `${broadcast._id}-${String(firstIndex + start + index).padStart(8, '0')}`,
          lane: broadcast._id,
          owner: broadcast._id,
          number,
          contactId,
          from: broadcast.from,
          origin: 'broadcast',
          text,
          segments,
          ...windows,
          ...statedPlace({ zone, zip }),
          ...(reason === null ? {} : { suppressed: [{ reason, since }] }),
        }
      })
    await outbound.texts.insert(broadcast.a, texts, now)
  }
}

/** What each text of a broadcast keeps of its windows. */
export const sendWindowsOf = ({ sendWindows }: Pick<BroadcastDocument, 'sendWindows'>) =>
  sendWindows ? { sendWindows: windowsOf(sendWindows) } : {}

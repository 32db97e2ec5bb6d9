import { type Facts, type Row, textKeyOf } from '../facts/facts.ts'
import { lateAfterMs } from './limits.ts'

/** When the first byte of a text was there: as its sender wrote it, or as the phone's carrier got it. */
export interface FirstByte {
  readonly row: Row
  /** ms since 1970. */
  readonly at: number
  readonly how: 'written' | 'received'
  /**
   * The protocol's first exception: the process stood still between gate and first byte, which the sender marks and
   * alarms. `unmarked` where it was killed before it could, and a pause of it is on record.
   */
  readonly excuse: 'late' | 'unmarked' | null
}

export function firstBytesOf(facts: Facts): FirstByte[] {
  const onPhones = textsOnPhones(facts)
  const pauses = facts.outages.filter(({ what }) => what === 'pause')
  return facts.rows.flatMap((row) => {
    const { gatedAt, writtenAt, sending, number, text } = row
    const writtenMs = writtenAt === null ? null : Date.parse(writtenAt)
    const isLate = writtenMs !== null && writtenMs - Date.parse(gatedAt ?? '') > lateAfterMs
    const service = sending.kind === 'broadcast' ? 'campaign' : 'sequence'
    const stoodStill = (at: number) =>
      pauses.some(
        ({ target, from, until }) => target.startsWith(service) && from <= at && at <= until + lateAfterMs,
      )
    const written: FirstByte[] =
      writtenMs === null ? [] : [{ row, at: writtenMs, how: 'written', excuse: isLate ? 'late' : null }]
    const received = (onPhones.get(textKeyOf(number, sending.from, text)) ?? []).map((at): FirstByte => {
      const isUnmarked = writtenMs === null && stoodStill(at)
      return { row, at, how: 'received', excuse: isLate ? 'late' : isUnmarked ? 'unmarked' : null }
    })
    return [...written, ...received]
  })
}

/** When each text came to its phone, by number, sender and words. */
export function textsOnPhones({ phones }: Facts): Map<string, number[]> {
  const found = new Map<string, number[]>()
  for (const [number, texts] of phones) {
    for (const { from, body, receivedAt } of texts) {
      const key = textKeyOf(number, from, body)
      found.set(key, [...(found.get(key) ?? []), Date.parse(receivedAt)])
    }
  }
  return found
}

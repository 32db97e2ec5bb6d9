import type { EventsCall } from '../schemas.ts'
import type { LinkDocument } from '../store/links.ts'
import type { Work } from '../store/work.ts'

type Event = EventsCall[number]

/**
 * Keeps what HubSpot says of people who want no texts, each event once, before HubSpot is told that it was heard. That
 * somebody wants texts again is no consent: only they can say so, to the number that texts them.
 */
export function hearEvents(deps: { work: Pick<Work, 'add'>; now: () => Date; wake: () => void }) {
  return async (link: LinkDocument, events: readonly Event[]): Promise<{ heard: number }> => {
    const optOuts = events.filter((event) => isOptOut(link, event))
    const now = deps.now()
    for (const { eventId, objectId, occurredAt } of optOuts) {
      const at = new Date(occurredAt).toISOString()
      const task = { kind: 'hear-opt-out' as const, objectId: String(objectId), eventId: String(eventId), at }
      await deps.work.add(
        { _id: `ho/${link._id}/${eventId}`, a: link.a, link: link._id, task, dueAt: now },
        now,
      )
    }
    if (optOuts.length > 0) deps.wake()
    return { heard: optOuts.length }
  }
}

function isOptOut({ optOutProperty }: LinkDocument, event: Event): boolean {
  const isProperty = /^(contact|object)\.propertyChange$/.test(event.subscriptionType)
  return isProperty && event.propertyName === optOutProperty && saysYes(event.propertyValue)
}

function saysYes(value: unknown): boolean {
  return value === true || (typeof value === 'string' && /^(true|yes|1)$/i.test(value.trim()))
}

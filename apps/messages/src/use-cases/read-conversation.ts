import { type Outbound, type PastTextRow, pastTextRow, placeOf } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import type { Logger } from '@heed/service'
import type { Compliance, ConsentChange } from '../compliance.ts'
import { isBefore, mergeTimeline, newestFirst } from '../domain/merge-timeline.ts'
import type { Asked, Elsewhere } from '../elsewhere.ts'
import type { ConversationInput, ConversationOutput, services, TimelineItem } from '../schemas.ts'

type Service = (typeof services)[number]

/**
 * Everything between an account and a person in one timeline, the newest first: texts both ways with receipts,
 * opt-outs and opt-ins. A service that does not answer is named, and what the others know is shown.
 */
export function readConversation(deps: {
  outbound: Pick<Outbound, 'texts'>
  elsewhere: Elsewhere
  compliance: Pick<Compliance, 'history'>
  log: Logger
}) {
  const histories = (asked: Asked): Record<Service, () => Promise<TimelineItem[]>> => ({
    messages: async () => {
      const { accountId, number, before, limit } = asked
      const own = await deps.outbound.texts.ofNumber(accountId, number, placeOf(before), limit)
      return own.map(pastTextRow).map(sentBy('messages'))
    },
    campaign: async () => (await deps.elsewhere.campaign(asked)).map(sentBy('campaign')),
    sequence: async () => (await deps.elsewhere.sequence(asked)).map(sentBy('sequence')),
    'inbound-sms': async () =>
      (await deps.elsewhere.received(asked)).map((text) => ({ kind: 'received', ...text })),
    compliance: async () => {
      const changes = (await deps.compliance.history(asked.accountId, asked.number)).map(consentItem)
      const earlier = changes.filter((change) => isBefore(change, asked.before ?? null))
      return earlier.sort(newestFirst).slice(0, asked.limit)
    },
  })

  return async (input: ConversationInput): Promise<ConversationOutput> => {
    const { accountId, number, before, limit = 50 } = input
    const asked = { accountId, number, limit, ...(before ? { before } : {}) }
    const missing: Service[] = []
    const told = Object.entries(histories(asked)).map(async ([service, tell]) => {
      try {
        return await tell()
      } catch (err) {
        if (err instanceof DomainError && err.reason === 'unknown-account') throw err
        deps.log.warn({ err, service }, 'a conversation is shown without what this service knows')
        missing.push(service as Service)
        return []
      }
    })
    return { ...mergeTimeline(await Promise.all(told), limit), missing }
  }
}

const sentBy =
  (service: 'messages' | 'campaign' | 'sequence') =>
  ({ textId, ...text }: PastTextRow): TimelineItem => ({ kind: 'sent', id: textId, service, ...text })

function consentItem(change: ConsentChange): TimelineItem {
  const { rev, at, list, op, outcome, cause, source, actor, note } = change
  // Changes of one instant stand in the order of their revs.
  const id = `rev-${String(rev).padStart(12, '0')}`
  return { kind: 'consent', id, at, rev, list, op, outcome, cause, source, actor, note }
}

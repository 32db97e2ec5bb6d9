import { DomainError, type ErrorReason } from '@heed/rpc'
import type { Enrol, EnrolOrder } from '../sequences.ts'
import type { LinkDocument } from '../store/links.ts'
import type { Work } from '../store/work.ts'
import { requestIdOf } from './order-text.ts'

export type Enrolled = { readonly outcome: 'enrolled' | 'known' } | { readonly refused: ErrorReason }

/**
 * Enrols somebody for a call of a CRM, and keeps what came of it: a repeated call is answered by that, and begins nothing
 * anew for a person who has opted out and in again since.
 */
export function orderEnrolment({
  enrol,
  work,
  now,
}: {
  enrol: Enrol
  work: Pick<Work, 'outcome' | 'record'>
  now: () => Date
}) {
  return async (link: LinkDocument, id: string, order: Omit<EnrolOrder, 'a'>): Promise<Enrolled> => {
    const key = { _id: `en/${requestIdOf(link, id)}`, a: link.a }
    const before = await work.outcome(key)
    if (before === 'enrolled' || before === 'known') return { outcome: before }
    try {
      const outcome = (await enrol({ a: link.a, ...order })) ? 'enrolled' : 'known'
      const task = { kind: 'enrol', sequenceId: order.sequenceId } as const
      await work.record({ ...key, link: link._id, task, outcome }, now())
      return { outcome }
    } catch (error) {
      if (error instanceof DomainError && error.reason !== 'unavailable') return { refused: error.reason }
      throw error
    }
  }
}

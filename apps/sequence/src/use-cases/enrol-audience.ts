import type { openAudiences } from '@heed/audience'
import { DomainError } from '@heed/rpc'
import type { EnrolAudienceInput } from '../schemas.ts'
import type { Sequences } from '../store/sequences.ts'
import type { enrol } from './enrol.ts'

/** Enrols a page of an audience, and tells where the next one begins; a call may be repeated. */
export function enrolAudience(deps: {
  sequences: Pick<Sequences, 'get'>
  enrol: ReturnType<typeof enrol>
  audience: ReturnType<typeof openAudiences>
}) {
  return async ({ accountId, sequenceId, audience, cursor }: EnrolAudienceInput) => {
    const sequence = await deps.sequences.get({ a: accountId, id: sequenceId })
    if (!sequence) throw new DomainError('unknown-sequence')
    if (sequence.state === 'cancelled') throw new DomainError('wrong-state')
    const { people, nextCursor } = await deps.audience(accountId, audience, cursor ?? null)
    return { ...(await deps.enrol({ accountId, sequenceId, recipients: [...people] })), nextCursor }
  }
}

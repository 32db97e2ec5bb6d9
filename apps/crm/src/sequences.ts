import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError, type ErrorReason, type RpcClient, refusalReason } from '@heed/rpc'
import type { SequenceRouter } from '@heed/sequence/router'

export interface EnrolOrder {
  readonly a: AccountId
  readonly sequenceId: string
  readonly number: PhoneNumber
  readonly contactId?: string | undefined
  readonly fields?: Readonly<Record<string, string>> | undefined
}

/** Enrols one person in a sequence; false where they are or were in it. Refusals keep their reasons. */
export type Enrol = (order: EnrolOrder) => Promise<boolean>

const passedOn: readonly ErrorReason[] = ['unknown-sequence', 'wrong-state', 'invalid-input']

export function enrolIn({ sequences }: RpcClient<SequenceRouter>['rpc']): Enrol {
  return async ({ a: accountId, sequenceId, number, contactId, fields }) => {
    const more = { ...(contactId === undefined ? {} : { contactId }), ...(fields ? { fields } : {}) }
    try {
      const given = { accountId, sequenceId, recipients: [{ number, ...more }] }
      return (await sequences.enrol.mutate(given)).enrolled === 1
    } catch (cause) {
      const reason = passedOn.find((known) => known === refusalReason(cause)) ?? 'unavailable'
      throw new DomainError(reason, { detail: 'sequence did not enrol somebody', cause })
    }
  }
}

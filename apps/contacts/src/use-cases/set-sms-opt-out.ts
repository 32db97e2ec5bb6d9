import type { AccountId } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { OptOutSelectionInput, SetSmsOptOutInput } from '../schemas.ts'
import type { Deps } from './use-cases.ts'

const cause = 'manual'
const numbersPerCommit = 64

/** The tick box "SMS opt-out". Compliance has committed it when it answers; contacts show it by then or soon after. */
export function smsOptOut(deps: Deps & { catchUp: (a: AccountId) => Promise<void> }) {
  const { contacts, compliance, newRequestId } = deps
  const shown = (a: AccountId) => deps.catchUp(a).catch(() => {})
  const sourceOf = (requestId: string | undefined, index = 0) =>
    `tick:${requestId ?? newRequestId()}${index === 0 ? '' : `:${index}`}`

  return {
    async set(input: SetSmsOptOutInput & { actor: string; isAdmin: boolean }) {
      const { accountId, contactId: id, number, actor, note, basis } = input
      const contact = await contacts.find({ a: accountId, id })
      if (!contact) throw new DomainError('unknown-contact')
      if (!contact.numbers.includes(number)) throw new DomainError('not-their-number')
      const source = sourceOf(input.requestId)
      const evidence = { accountId, list: 'own', cause, source, actor, ...(note ? { note } : {}) } as const
      if (input.optedOut) {
        const { rev, effectiveBy, outcomes } = await compliance.optOut({ ...evidence, numbers: [number] })
        await shown(accountId)
        return { outcome: outcomes[0] as 'turned' | 'renewed' | 'known', rev, effectiveBy }
      }
      if (!input.isAdmin) throw new DomainError('forbidden')
      if (!basis || !note) throw new DomainError('basis-needed')
      const lifted = await compliance.optIn({ ...evidence, number, basis })
      await shown(accountId)
      return { ...lifted, effectiveBy: null }
    },

    /** All numbers of the contacts named; a call that failed is repeated with its `requestId`. */
    async setAll({ accountId: a, contactIds, actor, requestId }: OptOutSelectionInput & { actor: string }) {
      const found = await Promise.all(contactIds.map((id) => contacts.find({ a, id })))
      if (found.some((contact) => !contact)) throw new DomainError('unknown-contact')
      const numbers = [...new Set(found.flatMap((contact) => contact?.numbers ?? []))]
      const request = requestId ?? newRequestId()
      let effectiveBy: string | null = null
      for (let from = 0; from < numbers.length; from += numbersPerCommit) {
        const some = numbers.slice(from, from + numbersPerCommit)
        const source = sourceOf(request, from / numbersPerCommit)
        const evidence = { accountId: a, list: 'own', cause, source, actor } as const
        effectiveBy = (await compliance.optOut({ ...evidence, numbers: some })).effectiveBy
      }
      await shown(a)
      return { contacts: found.length, numbers: numbers.length, effectiveBy }
    },
  }
}

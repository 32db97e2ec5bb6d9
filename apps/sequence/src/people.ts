import type { ContactsRouter } from '@heed/contacts/router'
import type { InboundRouter } from '@heed/inbound-sms/router'
import type { PhoneNumber } from '@heed/phone'
import { DomainError, type RpcClient } from '@heed/rpc'
import type { People } from './use-cases/judge-exits.ts'
import type { Changes } from './use-cases/triggers.ts'

const asksMax = 1_000
const isContact = (id: string) => /^ct_[0-9a-z]{8,40}$/.test(id)

type ContactsRpc = RpcClient<ContactsRouter>['rpc']

/** What contacts tell of their people; `unavailable` where they do not. */
export function changesOf({ contacts }: ContactsRpc): Changes {
  return async (accountId, after, limit) => {
    try {
      return await contacts.changes.query({ accountId, limit, ...(after === null ? {} : { after }) })
    } catch (cause) {
      throw new DomainError('unavailable', { detail: 'contacts did not tell of changes', cause })
    }
  }
}

/** Asks inbound-sms who has answered, and contacts who has a tag. */
export function peopleOf(rpc: { inbound: RpcClient<InboundRouter>['rpc']; contacts: ContactsRpc }): People {
  return {
    async replied(accountId, asks) {
      const replied = new Set<string>()
      for (let from = 0; from < asks.length; from += asksMax) {
        const some = asks
          .slice(from, from + asksMax)
          .map(({ number, since }) => ({ number: number as PhoneNumber, since: since.toISOString() }))
        for (const one of (await rpc.inbound.texts.repliedSince.query({ accountId, asks: some })).replied)
          replied.add(one)
      }
      return replied
    },

    async tagged(accountId, contactIds, tags) {
      // Whoever enrols people may name them as they like; contacts know those of their own.
      const known = [...new Set(contactIds.filter(isContact))]
      const tagged = new Set<string>()
      for (let from = 0; from < known.length; from += asksMax) {
        const some = known.slice(from, from + asksMax)
        const asked = { accountId, contactIds: some, tags: [...tags] }
        for (const one of (await rpc.contacts.contacts.tagged.query(asked)).contactIds) tagged.add(one)
      }
      return tagged
    },
  }
}

import { folded } from '@heed/audience'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { NumberStatus } from '../compliance.ts'
import type { Contact } from '../domain/contact.ts'
import type { Filter, PlainFilter } from '../domain/filter.ts'
import type { CountInput, ListContactsInput, OneContactInput, PeopleInput, TaggedInput } from '../schemas.ts'
import type { ConsentRow } from '../store/consents.ts'
import { plainFilter } from './lists.ts'
import type { Deps } from './use-cases.ts'

const everybody: Filter = { all: [] }

export function readContacts(deps: Deps) {
  const { contacts, consents } = deps
  const plain = (a: AccountId, filter: Filter | undefined): Promise<PlainFilter> =>
    plainFilter(deps)(a, filter ?? everybody)

  return {
    /** Each number as the authority has it now, or as the projection does where the authority does not answer. */
    async get({ accountId: a, contactId: id }: OneContactInput) {
      const contact = await contacts.find({ a, id })
      if (!contact) throw new DomainError('unknown-contact')
      const [statuses, having] = await Promise.all([
        deps.compliance.status(a, contact.numbers).catch(() => null),
        contacts.withNumbers(a, contact.numbers),
      ])
      const projected = statuses === null ? await consents.blocked(a, contact.numbers) : []
      const sharedWith = (number: string) =>
        having.filter((other) => other._id !== id && other.numbers.includes(number)).length
      const standing = contact.numbers.map((number, at) => {
        const status = statuses?.[at]
        const blocks = status
          ? blocksOf(status)
          : projected.filter(({ n }) => n === number).map(projectedBlock)
        const own = blocks.find(({ list }) => list === 'own')
        return {
          number: number as PhoneNumber,
          optOut: own !== undefined,
          dnc: blocks.some(({ list }) => list === 'dnc'),
          since: own?.since ?? null,
          cause: own?.cause ?? null,
          actor: own?.actor ?? null,
          blocks,
          sharedWith: sharedWith(number),
        }
      })
      const optOut = standing.some((number) => number.optOut)
      const consentFrom = statuses === null ? ('projection' as const) : ('authority' as const)
      return { ...summary(contact), optOut, standing, consentFrom }
    },

    async list({ accountId: a, filter, search, cursor, limit = 100 }: ListContactsInput) {
      const mark = await consents.watermark(a)
      const page = await contacts.page(a, {
        filter: await plain(a, filter),
        word: search ?? null,
        after: cursor ?? null,
        limit,
      })
      const last = page.length === limit ? page.at(-1) : undefined
      return {
        contacts: page.map(summary),
        nextCursor: last?._id ?? null,
        consentAsOf: mark && { epoch: mark.epoch as never, rev: mark.rev, at: mark.at.toISOString() },
      }
    },

    /** As it stands now, whatever a list said before. */
    async tagged({ accountId: a, contactIds, tags }: TaggedInput) {
      return { contactIds: await contacts.taggedAmong(a, contactIds, tags.map(folded)) }
    },

    async people({ accountId: a, contactIds }: PeopleInput) {
      return { contacts: (await contacts.findAll(a, contactIds)).map(summary) }
    },

    async count({ accountId: a, filter }: CountInput) {
      // Before its first change only compliance knows that there is such an account.
      if (!(await consents.watermark(a))) await deps.compliance.bindsPerson(a)
      return { count: await contacts.count(a, await plain(a, filter)) }
    },
  }
}

export function summary(contact: Contact) {
  const { _id, v, name, zone, zip, fields, numbers, tags, lists, optOut, dnc } = contact
  return {
    contactId: _id,
    version: v,
    name,
    zone,
    zip,
    fields: [...fields],
    numbers: [...numbers] as PhoneNumber[],
    tags: [...tags],
    lists: [...lists],
    optOut,
    dnc: dnc && { since: dnc.since.toISOString(), actor: dnc.actor, note: dnc.note },
    createdAt: contact.createdAt.toISOString(),
    changedAt: contact.changedAt.toISOString(),
  }
}

function blocksOf({ blocks }: NumberStatus) {
  return blocks.map(({ list, since, cause, actor, epoch, rev }) => ({
    list,
    since,
    cause,
    actor: actor ?? null,
    basis: { epoch, rev },
  }))
}

function projectedBlock({ list, since, cause, epoch, rev }: ConsentRow) {
  return { list, since: since.toISOString(), cause, actor: null, basis: { epoch: epoch as never, rev } }
}

import type { AccountId } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import {
  expandLists,
  type Filter,
  filterDepthMax,
  listsIn,
  type NamedList,
  type PlainFilter,
} from '../domain/filter.ts'
import type { CreateListInput, MembersInput, PageInput, SetListFilterInput } from '../schemas.ts'
import type { ListDocument } from '../store/lists.ts'
import { changeContact } from './change-contact.ts'
import type { Deps } from './use-cases.ts'

/** The filter with every dynamic list in it asked as it stands now. */
export const plainFilter =
  ({ lists }: Pick<Deps, 'lists'>) =>
  async (a: AccountId, filter: Filter, self?: { id: string; filter: Filter }): Promise<PlainFilter> => {
    const known = new Map<string, NamedList>(self ? [[self.id, self]] : [])
    let wanted = listsIn(filter)
    for (let depth = 0; wanted.length > 0 && depth <= filterDepthMax; depth++) {
      const found = await lists.findAll(a, [...new Set(wanted.filter((id) => !known.has(id)))])
      for (const list of found) known.set(list._id, list)
      wanted = found.flatMap((list) => (list.filter === null ? [] : listsIn(list.filter)))
    }
    const plain = expandLists(filter, known, self ? [self.id] : [])
    if (typeof plain === 'string') throw new DomainError(plain)
    return plain
  }

export function listUseCases(deps: Deps) {
  const { lists, compliance, newListId, now } = deps
  const change = changeContact(deps)
  const plain = plainFilter(deps)
  return {
    async create({ accountId: a, name, filter }: CreateListInput) {
      await compliance.bindsPerson(a)
      if (filter) await plain(a, filter)
      const list = { _id: newListId(), a, name, filter: filter ?? null, createdAt: now() }
      await lists.insert(list)
      return shown(list)
    },

    async setFilter({ accountId: a, listId: id, filter }: SetListFilterInput) {
      const standing = await lists.find(a, id)
      if (!standing) throw new DomainError('unknown-list')
      if (standing.filter === null) throw new DomainError('wrong-list-kind')
      await plain(a, filter, { id, filter })
      const list = await lists.setFilter(a, id, filter)
      if (!list) throw new DomainError('unknown-list')
      return shown(list)
    },

    async page({ accountId: a, cursor, limit = 100 }: PageInput) {
      const page = await lists.page(a, cursor ?? null, limit)
      const last = page.length === limit ? page.at(-1) : undefined
      return { lists: page.map(shown), nextCursor: last?._id ?? null }
    },

    /** Of a static list. Repeating it changes nothing. */
    async members({ accountId: a, listId, add = [], remove = [] }: MembersInput) {
      const list = await lists.find(a, listId)
      if (!list) throw new DomainError('unknown-list')
      if (list.filter !== null) throw new DomainError('wrong-list-kind')
      for (const id of add)
        await change({ a, id }, (contact) => ({ lists: [...new Set([...contact.lists, listId])] }))
      for (const id of remove)
        await change({ a, id }, (contact) => ({ lists: contact.lists.filter((other) => other !== listId) }))
      return { changed: add.length + remove.length }
    },
  }
}

function shown({ _id, name, filter, createdAt }: ListDocument) {
  const kind = filter === null ? ('static' as const) : ('dynamic' as const)
  return { listId: _id, name, kind, filter, createdAt: createdAt.toISOString() }
}

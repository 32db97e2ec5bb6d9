import type { PhoneNumber } from '@heed/phone'
import { type Caller, DomainError } from '@heed/rpc'
import type { Clock } from '@heed/service'
import type { BlockState } from '../domain/entry.ts'
import { nationalLists } from '../store/heads.ts'
import type { NationalListStore } from '../store/national-lists.ts'
import type { ConsentStores } from '../store/stores.ts'

export interface ListChange {
  readonly sharedList: string
  /** Names the import that the numbers come from. */
  readonly source: string
  readonly numbers: readonly PhoneNumber[]
}

/** The Telemarketing Sales Rule wants the registry's data at most so old (16 CFR 310.4(b)(3)(iv)). */
const freshDays = 31
const dayMs = 86_400_000
const sweptAtOnce = 1_000

/**
 * Lists that accounts share, as registries and carriers publish them: who is on one is blocked for the accounts whose
 * policy names it, for the purposes that it names. Rows are written first, their version raised before the change is
 * acknowledged, so it binds within the bound like any other.
 */
export function nationalListUseCases(deps: {
  stores: ConsentStores
  lists: NationalListStore
  clock: Pick<Clock, 'now'>
}) {
  const { stores, lists, clock } = deps

  const put = async (
    { sharedList: list, source, numbers }: ListChange,
    blocked: boolean,
  ): Promise<number> => {
    const a = nationalLists
    await stores.session(async (session) => {
      const version = ((await stores.heads.readMajority(a, session))?.rev ?? 0) + 1
      const standing = await stores.blocklist.find(
        numbers.map((n) => ({ a, n, list })),
        session,
      )
      const before = new Map(standing.map((row) => [row.n, row]))
      const at = new Date(clock.now())
      const rows = numbers.map((n): BlockState => {
        const row = before.get(n)
        const since = row?.blocked === blocked ? row.since : at
        // Two imports at once may have the same version: the later write stands.
        const rev = Math.max(version, (row?.rev ?? 0) + 1)
        return { n, list, blocked, rev, since, sinceSource: source, at, sources: [], held: 0, texted: false }
      })
      await stores.blocklist.put(a, rows, session)
    })
    return stores.heads.raiseNational()
  }

  return {
    async add(caller: Caller, change: ListChange) {
      requireAll(caller)
      return { version: await put(change, true) }
    },

    async remove(caller: Caller, change: ListChange) {
      requireAll(caller)
      return { version: await put(change, false) }
    },

    /** Takes off what an import that replaces the whole list did not name, a page at a time. */
    async sweep(
      caller: Caller,
      given: { sharedList: string; source: string; cursor?: PhoneNumber | undefined },
    ) {
      requireAll(caller)
      const { sharedList: list, source, cursor } = given
      const after = cursor === undefined ? {} : { after: { n: cursor, list } }
      const page = await stores.blocklist.page(nationalLists, { list, ...after, limit: sweptAtOnce })
      const gone = page.filter(({ sinceSource }) => sinceSource !== source).map(({ n }) => n as PhoneNumber)
      if (gone.length > 0) await put({ sharedList: list, source, numbers: gone }, false)
      const last = page.length === sweptAtOnce ? page.at(-1) : undefined
      return { removed: gone.length, nextCursor: (last?.n ?? null) as PhoneNumber | null }
    },

    /** From here on the list is as fresh as its file. */
    async finish(caller: Caller, given: { sharedList: string; source: string; asOf: string }) {
      requireAll(caller)
      const { sharedList: list, source, asOf } = given
      await lists.imported({ list, source, asOf: new Date(asOf), importedAt: new Date(clock.now()) })
      return {}
    },

    async list() {
      const now = clock.now()
      const found = await lists.all()
      return {
        lists: found.map(({ list, asOf, importedAt, source }) => ({
          list,
          source,
          asOf: asOf.toISOString(),
          importedAt: importedAt.toISOString(),
          isStale: now - asOf.getTime() > freshDays * dayMs,
        })),
      }
    },
  }
}
export type NationalListUseCases = ReturnType<typeof nationalListUseCases>

/** What blocks for several accounts is for nobody to change who acts for one. */
function requireAll(caller: Caller): void {
  if (!caller.actsForAll) throw new DomainError('forbidden')
}

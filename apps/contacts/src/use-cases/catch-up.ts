import type { AccountId } from '@heed/phone'
import type { ConsentPage, NumberStatus } from '../compliance.ts'
import type { ConsentRow } from '../store/consents.ts'
import { bindPerson } from './bind-person.ts'
import { refreshOptOut } from './change-contact.ts'
import type { Deps } from './use-cases.ts'

type Entry = ConsentPage['changes'][number]
const leftBehindMax = 500

/**
 * Takes an account's changes of consent over, from the last one that was, page by page. The mark is raised after
 * everything that follows from a page has been done, so that a crash repeats a page and loses none. Events only say
 * that there is something to take.
 */
export function catchUp(deps: Deps) {
  const { consents, contacts, compliance, now } = deps
  const refresh = refreshOptOut(deps)
  const person = bindPerson(deps)

  const refreshAll = async (a: AccountId, numbers: readonly string[]) => {
    for (const { _id } of await contacts.withNumbers(a, numbers)) await refresh({ a, id: _id })
  }

  /** What a restored authority no longer knows, or another copy wrote over: asked again, number by number. */
  const reread = async (a: AccountId, epoch: string) => {
    for (;;) {
      const numbers = await consents.leftBehind(a, epoch, leftBehindMax)
      if (numbers.length === 0) return
      await consents.put(a, (await compliance.status(a, [...new Set(numbers)])).flatMap(standingRows))
      await consents.forget(a, epoch, numbers)
      await refreshAll(a, numbers)
    }
  }

  const follow = async (a: AccountId, changes: readonly Entry[]) => {
    const own = changes.filter(({ list }) => list === 'own')
    const turned = (op: Entry['op']) => own.filter((one) => one.op === op).map(({ number }) => number)
    await person.block(a, await contacts.withNumbers(a, turned('block')))
    for (const contact of await contacts.withNumbers(a, turned('lift'))) await person.lift(contact)
  }

  return async (a: AccountId, signal?: AbortSignal): Promise<void> => {
    for (;;) {
      signal?.throwIfAborted()
      const mark = await consents.watermark(a)
      const page = await pageAfter(a, mark)
      const last = page.changes.at(-1)?.rev ?? page.rev
      if (mark && mark.epoch === page.epoch && page.changes.length === 0) return
      await consents.put(a, rowsOf(page))
      await refreshAll(
        a,
        page.changes.map(({ number }) => number),
      )
      await follow(a, page.changes)
      if (mark?.epoch !== page.epoch) await reread(a, page.epoch)
      await consents.raise(a, { epoch: page.epoch, rev: last }, now())
      if (last >= page.rev) return
    }
  }

  /** Of another epoch than the mark's, from its beginning. */
  async function pageAfter(a: AccountId, mark: { epoch: string; rev: number } | null): Promise<ConsentPage> {
    const page = await compliance.changes(a, mark?.rev ?? 0)
    return mark === null || mark.epoch === page.epoch ? page : compliance.changes(a, 0)
  }
}

/** The last change of each number on each list. */
function rowsOf({ epoch, changes }: ConsentPage): ConsentRow[] {
  const rows = new Map<string, ConsentRow>()
  for (const { number: n, list, op, rev, at, cause } of changes) {
    if (op === 'keep') continue
    rows.set(`${n}/${list}`, { n, list, blocked: op === 'block', epoch, rev, since: new Date(at), cause })
  }
  return [...rows.values()]
}

function standingRows({ number: n, blocks }: NumberStatus): ConsentRow[] {
  return blocks.map(({ list, epoch, rev, since, cause }) => ({
    n,
    list,
    blocked: true,
    epoch,
    rev,
    since: new Date(since),
    cause,
  }))
}

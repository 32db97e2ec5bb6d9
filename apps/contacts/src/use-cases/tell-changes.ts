import { folded } from '@heed/audience'
import type { ContactChange, contactsChanged, EventOf } from '@heed/events'
import type { AccountId } from '@heed/phone'
import { cursorOf } from '../domain/cursor.ts'
import { packsOf } from '../domain/packs.ts'
import type { ChangeDocument, ChangeStore, GoneDocument } from '../store/changes.ts'
import type { ContactStore } from '../store/contacts.ts'
import type { Untold } from '../store/due-contacts.ts'

type Event = EventOf<typeof contactsChanged>

const perPass = 500
const publishedPerPass = 100

/**
 * Puts what contacts have not told into the order of their account, then publishes it. The mark on a contact goes after
 * its change stands, the mark on a change after NATS has it: a crash in between tells something twice, and loses nothing.
 */
export function tellChanges(deps: {
  contacts: Pick<ContactStore, 'untold' | 'told' | 'remove'>
  changes: ChangeStore
  /** Resolves when NATS has acknowledged the event. */
  publish: (event: Event) => Promise<unknown>
  newId: () => string
  now: () => Date
}) {
  const { contacts, changes } = deps
  const append = async (told: readonly (readonly [AccountId, ContactChange])[]) => {
    for (const [a, those] of Map.groupBy(told, ([account]) => account)) {
      const packs = packsOf(those.map(([, change]) => change))
      await changes.append(a, packs, deps.newId, deps.now())
    }
  }

  const order = async (signal: AbortSignal) => {
    for (let full = true; full && !signal.aborted; ) {
      const written = await contacts.untold(perPass)
      await append(written.map((contact) => [contact.a, changeOf(contact)] as const))
      await contacts.told(written)
      const gone = await changes.gone(perPass)
      for (const { a, _id } of gone) await contacts.remove({ a, id: _id })
      await append(gone.map((contact) => [contact.a, goneOf(contact)] as const))
      await changes.goneTold(gone.map(({ _id }) => _id))
      full = written.length === perPass || gone.length === perPass
    }
  }

  const publish = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const due = await changes.unpublished(publishedPerPass)
      const results = await Promise.allSettled(due.map((change) => deps.publish(eventOf(change))))
      await changes.published(due.flatMap(({ _id }, index) => (isDone(results[index]) ? _id : [])))
      const failed = results.find((result) => !isDone(result))
      if (failed?.status === 'rejected') throw failed.reason
      if (due.length < publishedPerPass) return
    }
  }

  return async (signal: AbortSignal): Promise<void> => {
    await order(signal)
    await publish(signal)
  }
}

const isDone = (result: PromiseSettledResult<unknown> | undefined) => result?.status === 'fulfilled'

function changeOf({ _id, tags, tell }: Untold): ContactChange {
  const added = new Set(tell.added)
  const isAdded = (tag: string) => added.has(folded(tag))
  return { contactId: _id, op: tell.op, tags: [...tags], added: tags.filter(isAdded) }
}

function goneOf({ _id, into }: GoneDocument): ContactChange {
  const told = { contactId: _id, tags: [], added: [] }
  return into === null ? { ...told, op: 'deleted' } : { ...told, op: 'merged', into }
}

function eventOf(change: ChangeDocument): Event {
  const { a, rev, at, contacts } = change
  const told = contacts.map((contact) => ({ ...contact }))
  return { v: 1, account: a, rev, cursor: cursorOf(change), at: at.toISOString(), contacts: told }
}

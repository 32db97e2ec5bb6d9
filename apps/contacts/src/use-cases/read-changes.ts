import { cursorOf, markOfCursor } from '../domain/cursor.ts'
import type { ChangesInput } from '../schemas.ts'
import type { ChangeStore } from '../store/changes.ts'

/** What was told of an account's contacts, from a cursor on. */
export function readChanges({ changes }: { changes: ChangeStore }) {
  return async ({ accountId: a, after, limit = 100 }: ChangesInput) => {
    const mark = after === undefined ? null : markOfCursor(after)
    // A restore has made its rev anew, or it is older than what is kept: all that stands is told again.
    const isKnown = mark === null || (await changes.at(a, mark.rev))?.id === mark.id
    const [page, head] = await Promise.all([
      changes.after(a, isKnown ? (mark?.rev ?? 0) : 0, limit),
      changes.head(a),
    ])
    return {
      changes: page.map((change) => ({
        rev: change.rev,
        cursor: cursorOf(change),
        at: change.at.toISOString(),
        contacts: change.contacts.map((contact) => ({ ...contact })),
      })),
      anew: !isKnown,
      head: head && { rev: head.rev, cursor: cursorOf(head), at: head.at.toISOString() },
    }
  }
}

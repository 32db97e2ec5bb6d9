import type { AccountId } from '@heed/phone'
import { bindPerson } from './bind-person.ts'
import { catchUp } from './catch-up.ts'
import { importRows } from './import-rows.ts'
import { listUseCases } from './lists.ts'
import { mergeContacts } from './merge-contacts.ts'
import { readChanges } from './read-changes.ts'
import { readContacts } from './read-contacts.ts'
import { setDnc } from './set-dnc.ts'
import { smsOptOut } from './set-sms-opt-out.ts'
import type { Deps, UseCases } from './use-cases.ts'
import { followUp, writeContacts } from './write-contacts.ts'

const dueAtOnce = 100

export function composeUseCases(deps: Deps): {
  useCases: UseCases
  catchUp: (a: AccountId, signal?: AbortSignal) => Promise<void>
  /** Every account's consent, and whatever a crash or an outage has left due. */
  sweep: (signal: AbortSignal) => Promise<void>
} {
  const catching = catchUp(deps)
  const dnc = setDnc(deps)
  const following = followUp({ ...deps, person: bindPerson(deps), dnc })
  const write = writeContacts({ ...deps, followUp: following })
  return {
    catchUp: catching,
    useCases: {
      write,
      merging: mergeContacts({ ...deps, settled: write.settled }),
      importRows: importRows(deps),
      read: readContacts(deps),
      changes: readChanges(deps),
      setDnc: dnc.set,
      smsOptOut: smsOptOut({ ...deps, catchUp: catching }),
      lists: listUseCases(deps),
    },
    async sweep(signal) {
      const failed: unknown[] = []
      const each = async (work: () => Promise<void>) => {
        signal.throwIfAborted()
        await work().catch((error: unknown) => void failed.push(error))
      }
      for (const due of ['dncDue', 'bindDue'] as const) {
        // An import leaves many: they are gone through until one page fails or is the last.
        for (;;) {
          const page = await deps.contacts.due(due, dueAtOnce)
          for (const contact of page) await each(() => following(contact))
          if (page.length < dueAtOnce || failed.length > 0) break
        }
      }
      let after: string | null = null
      do {
        const { ids, next }: { ids: AccountId[]; next: string | null } = await deps.compliance.accounts(after)
        for (const a of ids) await each(() => catching(a, signal))
        after = next
      } while (after !== null)
      // The others have been seen to: one that fails holds up none.
      if (failed.length > 0) throw failed[0]
    },
  }
}

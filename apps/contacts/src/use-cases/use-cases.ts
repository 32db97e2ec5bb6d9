import type { Compliance } from '../compliance.ts'
import type { ChangeStore } from '../store/changes.ts'
import type { ConsentStore } from '../store/consents.ts'
import type { ContactStore } from '../store/contacts.ts'
import type { ListStore } from '../store/lists.ts'
import type { importRows } from './import-rows.ts'
import type { listUseCases } from './lists.ts'
import type { mergeContacts } from './merge-contacts.ts'
import type { readChanges } from './read-changes.ts'
import type { readContacts } from './read-contacts.ts'
import type { setDnc } from './set-dnc.ts'
import type { smsOptOut } from './set-sms-opt-out.ts'
import type { writeContacts } from './write-contacts.ts'

export interface Deps {
  readonly contacts: ContactStore
  readonly consents: ConsentStore
  readonly lists: ListStore
  readonly changes: ChangeStore
  readonly compliance: Compliance
  /** Something is to be told of a contact; what this is not called for, the sweep tells. */
  readonly written: () => void
  readonly now: () => Date
  readonly newContactId: () => string
  readonly newListId: () => string
  readonly newRequestId: () => string
}

/** What the router needs. */
export interface UseCases {
  readonly write: ReturnType<typeof writeContacts>
  readonly merging: ReturnType<typeof mergeContacts>
  readonly importRows: ReturnType<typeof importRows>
  readonly read: ReturnType<typeof readContacts>
  readonly changes: ReturnType<typeof readChanges>
  readonly setDnc: ReturnType<typeof setDnc>['set']
  readonly smsOptOut: ReturnType<typeof smsOptOut>
  readonly lists: ReturnType<typeof listUseCases>
}

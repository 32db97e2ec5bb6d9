import { consentChanged, type EventOf } from '@heed/events'
import type { AccountId } from '@heed/phone'

/** The change with this rev of one account. */
export function change(account: AccountId, rev: number): EventOf<typeof consentChanged> {
  return consentChanged.schema.parse({
    v: 1,
    account,
    epoch: '0123456789abcdef',
    rev,
    number: '+15555550100',
    list: 'own',
    op: 'block',
    cause: 'keyword',
    at: '2025-01-01T12:00:00.000Z',
    source: `source-${rev}`,
  })
}

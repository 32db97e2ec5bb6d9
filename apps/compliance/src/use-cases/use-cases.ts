import type { AuditInput, AuditOutput, CheckInput, CheckOutput } from '@heed/clearance'
import type { AccountUseCases } from './accounts.ts'
import type { consentChanges, consentHistory, consentList, consentStatus } from './consent-queries.ts'
import type { NationalListUseCases } from './national-lists.ts'
import type { optIn } from './opt-in.ts'
import type { optOut } from './opt-out.ts'
import type { confirmReview, listReviews, undoReview } from './reviews.ts'
import type { SettingsUseCases } from './settings.ts'
import type { takeFrequency } from './take-frequency.ts'

/** Everything that compliance does for a caller. */
export interface UseCases {
  readonly accounts: AccountUseCases
  readonly settings: SettingsUseCases
  readonly audit: (input: AuditInput) => Promise<AuditOutput>
  readonly check: (input: CheckInput) => Promise<CheckOutput>
  readonly consent: {
    readonly optOut: ReturnType<typeof optOut>
    readonly optIn: ReturnType<typeof optIn>
    readonly status: ReturnType<typeof consentStatus>
    readonly history: ReturnType<typeof consentHistory>
    readonly changes: ReturnType<typeof consentChanges>
    readonly list: ReturnType<typeof consentList>
  }
  readonly national: NationalListUseCases
  readonly takeFrequency: ReturnType<typeof takeFrequency>
  readonly reviews: {
    readonly list: ReturnType<typeof listReviews>
    readonly confirm: ReturnType<typeof confirmReview>
    readonly undo: ReturnType<typeof undoReview>
  }
}

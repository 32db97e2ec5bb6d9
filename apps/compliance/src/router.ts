import { router } from '@heed/rpc'
import { accountsRouter } from './routers/accounts.ts'
import { clearanceRouter } from './routers/clearance.ts'
import { consentRouter } from './routers/consent.ts'
import { frequencyRouter } from './routers/frequency.ts'
import { nationalRouter } from './routers/national.ts'
import { reviewsRouter } from './routers/reviews.ts'
import type { UseCases } from './use-cases/use-cases.ts'

export const complianceRouter = (useCases: UseCases) =>
  router({
    accounts: accountsRouter(useCases),
    consent: consentRouter(useCases),
    clearance: clearanceRouter(useCases),
    frequency: frequencyRouter(useCases),
    national: nationalRouter(useCases),
    reviews: reviewsRouter(useCases),
  })

export type ComplianceRouter = ReturnType<typeof complianceRouter>

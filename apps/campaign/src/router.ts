import { textsRouter } from '@heed/outbound'
import { router } from '@heed/rpc'
import { draftProcedures } from './routers/drafts.ts'
import { runProcedures } from './routers/runs.ts'
import type { UseCases } from './use-cases/use-cases.ts'

export const campaignRouter = (useCases: UseCases) =>
  router({
    broadcasts: router({ ...draftProcedures(useCases), ...runProcedures(useCases) }),
    texts: textsRouter(useCases.texts),
  })

export type CampaignRouter = ReturnType<typeof campaignRouter>

import { router } from '@heed/rpc'
import { contactProcedures } from './routers/contacts.ts'
import { listsRouter } from './routers/lists.ts'
import { manyProcedures } from './routers/many.ts'
import { standingProcedures } from './routers/standing.ts'
import type { UseCases } from './use-cases/use-cases.ts'

export const contactsRouter = (useCases: UseCases) =>
  router({
    contacts: router({
      ...contactProcedures(useCases),
      ...manyProcedures(useCases),
      ...standingProcedures(useCases),
    }),
    lists: listsRouter(useCases),
  })

export type ContactsRouter = ReturnType<typeof contactsRouter>

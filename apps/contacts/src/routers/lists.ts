import { procedure, router } from '@heed/rpc'
import * as schemas from '../schemas.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

const roles = ['operator', 'admin'] as const

export const listsRouter = ({ lists }: Pick<UseCases, 'lists'>) =>
  router({
    create: procedure({
      description:
        'Keeps a list: with a filter a dynamic one, which is always current; without one a static one.',
      roles,
      input: schemas.CreateListInput,
      output: schemas.ListOutput,
    }).mutation(({ input }) => lists.create(input)),
    setFilter: procedure({
      description: 'Changes the filter of a dynamic list. Lists that include each other are refused.',
      roles,
      input: schemas.SetListFilterInput,
      output: schemas.ListOutput,
    }).mutation(({ input }) => lists.setFilter(input)),
    list: procedure({
      description: "An account's lists, in order of creation, a page at a time.",
      roles,
      input: schemas.PageInput,
      output: schemas.ListsOutput,
    }).query(({ input }) => lists.page(input)),
    members: procedure({
      description: 'Adds contacts to a static list and takes others off it; repeating it changes nothing.',
      roles,
      input: schemas.MembersInput,
      output: schemas.CountOutput,
    }).mutation(({ input }) => lists.members(input)),
  })

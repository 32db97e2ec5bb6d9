import { procedure } from '@heed/rpc'
import { z } from 'zod'
import * as schemas from '../schemas.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

const roles = ['operator', 'admin'] as const

export const contactProcedures = ({ write, read }: Pick<UseCases, 'write' | 'read'>) => ({
  create: procedure({
    description:
      'Keeps a person with their numbers, the first of which is texted. An opt-out of one of them binds the others, unless the account has decided otherwise.',
    roles,
    input: schemas.CreateInput,
    output: schemas.ContactSummary,
  }).mutation(({ input }) => write.create(input)),
  edit: procedure({
    description:
      'Changes what is named and leaves the rest. A number taken away keeps its blocks; one added takes those of the person and their DNC.',
    roles,
    input: schemas.EditInput,
    output: schemas.ContactSummary,
  }).mutation(({ input }) => write.edit(input)),
  delete: procedure({
    description: 'Forgets a person. The blocks of their numbers stand in compliance and bind as before.',
    roles,
    input: schemas.OneContactInput,
    output: z.strictObject({}),
  }).mutation(async ({ input }) => {
    await write.remove(input)
    return {}
  }),
  get: procedure({
    description:
      'A person with how each number stands: opt-out, DNC, since when, why and by whom, on every list that blocks it.',
    roles,
    input: schemas.OneContactInput,
    output: schemas.ContactOutput,
  }).query(({ input }) => read.get(input)),
  list: procedure({
    description:
      'The contacts that a filter or a search finds, in order of creation, a page at a time. Opt-outs are a projection and decide no send.',
    // Senders ask who is meant by an audience.
    roles: ['sender', ...roles],
    input: schemas.ListContactsInput,
    output: schemas.ListContactsOutput,
  }).query(({ input }) => read.list(input)),
  count: procedure({
    description: 'How many contacts a filter finds.',
    roles,
    input: schemas.CountInput,
    output: schemas.CountContactsOutput,
  }).query(({ input }) => read.count(input)),
  people: procedure({
    description: 'Up to 1,000 contacts by their ids, in any order; who is gone is left out.',
    roles: ['sender', ...roles],
    input: schemas.PeopleInput,
    output: schemas.PeopleOutput,
  }).query(({ input }) => read.people(input)),
  tagged: procedure({
    description: 'Which of these contacts have any of the tags now; letters of any case name the same tag.',
    roles: ['sender', ...roles],
    input: schemas.TaggedInput,
    output: schemas.TaggedOutput,
  }).query(({ input }) => read.tagged(input)),
  tag: procedure({
    description:
      'Gives up to 200 contacts tags, and takes others away. Letters of any case name the same tag; repeating it changes nothing.',
    roles,
    input: schemas.TagInput,
    output: schemas.CountOutput,
  }).mutation(({ input }) => write.tag(input)),
})

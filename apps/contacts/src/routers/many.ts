import { procedure } from '@heed/rpc'
import * as schemas from '../schemas.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

const roles = ['operator', 'admin'] as const

/** What is done with many contacts at once: files of them, and those that are there twice. */
export const manyProcedures = ({
  importRows,
  merging,
  changes,
}: Pick<UseCases, 'importRows' | 'merging' | 'changes'>) => ({
  importRows: procedure({
    description:
      'Takes up to 500 rows of a file over, numbers as people write them. Each row is a contact or an error by line and field; a call may be repeated. `npm run contacts -- import FILE` reads files.',
    roles,
    input: schemas.ImportRowsInput,
    output: schemas.ImportRowsOutput,
  }).mutation(({ input }) => importRows(input)),
  duplicates: procedure({
    description:
      'The numbers that several contacts have, each with all of them, of a page of contacts in order of creation.',
    roles,
    input: schemas.DuplicatesInput,
    output: schemas.DuplicatesOutput,
  }).query(({ input }) => merging.duplicates(input)),
  changes: procedure({
    description:
      "What was told of an account's contacts by `contacts.v1.<account>`, in order, from a cursor on: 30 days at least. A reader that takes it from its last cursor misses nothing, and may see a change twice.",
    roles: ['sender', ...roles],
    input: schemas.ChangesInput,
    output: schemas.ChangesOutput,
  }).query(({ input }) => changes(input)),
  merge: procedure({
    description:
      'Puts one contact into another who is the same person: numbers, tags, lists, fields and DNC of both. Where both say something the one that stays is right; a call that failed may be repeated.',
    roles: ['admin'],
    input: schemas.MergeInput,
    output: schemas.ContactSummary,
  }).mutation(({ input }) => merging.merge(input)),
})

import { procedure, router } from '@heed/rpc'
import {
  ConfirmReviewInput,
  ConfirmReviewOutput,
  ReviewsInput,
  ReviewsOutput,
  UndoReviewInput,
  UndoReviewOutput,
} from '../schemas/reviews.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

export const reviewsRouter = ({ reviews }: Pick<UseCases, 'reviews'>) =>
  router({
    list: procedure({
      description:
        'Opt-outs that were read from free text, oldest first: what was said, the rule that heard it, and the block as it stands now. They bind while they wait.',
      roles: ['operator', 'admin'],
      input: ReviewsInput,
      output: ReviewsOutput,
    }).query(({ input }) => reviews.list(input)),
    confirm: procedure({
      description: 'A person has read it: it was meant. The block stands.',
      roles: ['operator', 'admin'],
      input: ConfirmReviewInput,
      output: ConfirmReviewOutput,
    }).mutation(({ input }) => reviews.confirm(input)),
    undo: procedure({
      description:
        'A person has read it: it was not meant. Lifts the block that was seen, by a change of its own in the ledger, where nothing but free text holds it.',
      roles: ['admin'],
      input: UndoReviewInput,
      output: UndoReviewOutput,
    }).mutation(({ input }) => reviews.undo(input)),
  })

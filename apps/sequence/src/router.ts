import { textsRouter } from '@heed/outbound'
import { procedure, router } from '@heed/rpc'
import {
  CreateInput,
  CreateOutput,
  EnrolAudienceInput,
  EnrolAudienceOutput,
  EnrolInput,
  EnrolmentsInput,
  EnrolmentsOutput,
  EnrolOutput,
  ListInput,
  ListOutput,
  OneSequenceInput,
  SequenceOutput,
  StateOutput,
} from './schemas.ts'
import type { UseCases } from './use-cases/use-cases.ts'

const roles = ['operator', 'admin'] as const

export const sequenceRouter = ({ create, enrol, enrolAudience, move, read, texts }: UseCases) =>
  router({
    sequences: router({
      create: procedure({
        description:
          "Keeps a sequence of 1 to 50 steps, which runs from the start. Each text gets the account's opt-out instruction for sequences, or the one given here, unless it has one.",
        roles,
        input: CreateInput,
        output: CreateOutput,
      }).mutation(({ input }) => create(input)),
      enrol: procedure({
        description:
          'Enrols up to 10,000 people: each number and each contact once, so a failed call may be repeated. A blocked number ends at once as suppressed, with all its reasons; it may be enrolled anew after the block was lifted.',
        // Apps and CRMs enrol people, too.
        roles: ['sender', ...roles],
        input: EnrolInput,
        output: EnrolOutput,
      }).mutation(({ input }) => enrol(input)),
      enrolAudience: procedure({
        description:
          'Enrols people of contacts, up to 1,000 a call: who is on a list or has a tag, and has none of the excluded tags. It goes on from the cursor, and may be repeated.',
        roles,
        input: EnrolAudienceInput,
        output: EnrolAudienceOutput,
      }).mutation(({ input }) => enrolAudience(input)),
      pause: procedure({
        description:
          'Hands over no more texts, within about 150 ms; what is in flight ends by its own result. Blocks go on ending enrolments.',
        roles,
        input: OneSequenceInput,
        output: StateOutput,
      }).mutation(({ input }) => move('pause', input)),
      resume: procedure({
        description: 'Goes on with a paused sequence; what became due meanwhile is due now.',
        roles,
        input: OneSequenceInput,
        output: StateOutput,
      }).mutation(({ input }) => move('resume', input)),
      cancel: procedure({
        description:
          'Ends a sequence for good: what waits becomes suppressed (`cancelled`), what is in flight ends by its own result.',
        roles,
        input: OneSequenceInput,
        output: StateOutput,
      }).mutation(({ input }) => move('cancel', input)),
      get: procedure({
        description:
          'One sequence with its progress: enrolments by state, and five counts for each step, all of one instant.',
        roles,
        input: OneSequenceInput,
        output: SequenceOutput,
      }).query(({ input }) => read.get(input)),
      list: procedure({
        description: "An account's sequences, the newest first, a page at a time.",
        roles,
        input: ListInput,
        output: ListOutput,
      }).query(({ input }) => read.list(input)),
      enrolments: procedure({
        description:
          'Every enrolment with its state, all its reasons and its texts so far, in order of enrolment, a page at a time.',
        roles,
        input: EnrolmentsInput,
        output: EnrolmentsOutput,
      }).query(({ input }) => read.enrolments(input)),
    }),
    texts: textsRouter(texts),
  })

export type SequenceRouter = ReturnType<typeof sequenceRouter>

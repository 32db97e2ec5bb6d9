import { procedure, router } from '@heed/rpc'
import {
  AddAudienceInput,
  AddAudienceOutput,
  AddRecipientsInput,
  BroadcastOutput,
  CreateInput,
  CreateOutput,
  ListInput,
  ListOutput,
  OneBroadcastInput,
  RecipientsInput,
  RecipientsOutput,
  StateOutput,
} from './schemas.ts'
import type { UseCases } from './use-cases/use-cases.ts'

const roles = ['operator', 'admin'] as const

export const campaignRouter = ({ create, addRecipients, addAudience, move, read }: UseCases) =>
  router({
    broadcasts: router({
      create: procedure({
        description:
          "Keeps a draft: the text as it will be sent, with the account's opt-out instruction unless it has one, and one row for each number. A person's second number is accounted for and not texted.",
        roles,
        input: CreateInput,
        output: CreateOutput,
      }).mutation(({ input }) => create(input)),
      addRecipients: procedure({
        description:
          'Adds recipients to a draft, 10,000 at a time. Numbers that are in it stay as they are, so a failed call may be repeated.',
        roles,
        input: AddRecipientsInput,
        output: StateOutput,
      }).mutation(({ input }) => addRecipients(input)),
      addAudience: procedure({
        description:
          'Adds people of contacts to a draft, up to 1,000 a call: who is on a list or has a tag, and has none of the excluded tags. It goes on from the cursor, and may be repeated.',
        roles,
        input: AddAudienceInput,
        output: AddAudienceOutput,
      }).mutation(({ input }) => addAudience(input)),
      start: procedure({
        description:
          'Lets a draft be sent. Each text goes only if nothing blocks its number in that instant.',
        roles,
        input: OneBroadcastInput,
        output: StateOutput,
      }).mutation(({ input }) => move('start', input)),
      pause: procedure({
        description:
          'Hands over no more texts, within about 150 ms; what is in flight ends by its own result.',
        roles,
        input: OneBroadcastInput,
        output: StateOutput,
      }).mutation(({ input }) => move('pause', input)),
      resume: procedure({
        description: 'Goes on with a paused broadcast.',
        roles,
        input: OneBroadcastInput,
        output: StateOutput,
      }).mutation(({ input }) => move('resume', input)),
      cancel: procedure({
        description:
          'Ends a broadcast for good: what waits becomes suppressed (`cancelled`), what is in flight ends by its own result.',
        roles,
        input: OneBroadcastInput,
        output: StateOutput,
      }).mutation(({ input }) => move('cancel', input)),
      get: procedure({
        description:
          'One broadcast with its progress: five counts that sum to its recipients at every instant.',
        roles,
        input: OneBroadcastInput,
        output: BroadcastOutput,
      }).query(({ input }) => read.get(input)),
      list: procedure({
        description: "An account's broadcasts, the newest first, a page at a time.",
        roles,
        input: ListInput,
        output: ListOutput,
      }).query(({ input }) => read.list(input)),
      recipients: procedure({
        description:
          'Every recipient with its state and all its reasons, in the order given, a page at a time.',
        roles,
        input: RecipientsInput,
        output: RecipientsOutput,
      }).query(({ input }) => read.recipients(input)),
    }),
  })

export type CampaignRouter = ReturnType<typeof campaignRouter>

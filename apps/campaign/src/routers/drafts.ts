import { TextRow } from '@heed/outbound'
import { procedure } from '@heed/rpc'
import {
  AddAudienceInput,
  AddAudienceOutput,
  AddRecipientsInput,
  CreateInput,
  CreateOutput,
  PreviewInput,
  PreviewOutput,
  StateOutput,
  TestSendInput,
  WhatIfInput,
  WhatIfOutput,
} from '../schemas.ts'
import type { UseCases } from '../use-cases/use-cases.ts'

const roles = ['operator', 'admin'] as const

/** What makes a broadcast, before it begins. */
export const draftProcedures = ({
  create,
  addRecipients,
  addAudience,
  forecast,
  tryText,
}: Pick<UseCases, 'create' | 'addRecipients' | 'addAudience' | 'forecast' | 'tryText'>) => ({
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
  preview: procedure({
    description: 'The text as people with these fields would get it, with its segments; up to 100 of them.',
    roles,
    input: PreviewInput,
    output: PreviewOutput,
  }).query(({ input }) => tryText.preview(input)),
  testSend: procedure({
    description:
      'Sends the text to one number through the gate, as a trial that counts in no report. A request id that is repeated sends nothing more and is answered with what became of the first.',
    roles,
    input: TestSendInput,
    output: TextRow,
  }).mutation(({ input }) => tryText.testSend(input)),
  whatIf: procedure({
    description:
      'How recipients would fare if the broadcast began now: sent, held or suppressed, by reason, and the segments; up to 5,000 a call, from the cursor on. It changes nothing, and the gate asks again for each text.',
    roles,
    input: WhatIfInput,
    output: WhatIfOutput,
  }).query(({ input }) => forecast(input)),
})

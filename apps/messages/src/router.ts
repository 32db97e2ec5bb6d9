import { textsRouter } from '@heed/outbound'
import { procedure, router } from '@heed/rpc'
import {
  ComposeInput,
  ComposeOutput,
  ConversationInput,
  ConversationOutput,
  GetInput,
  ListInput,
  ListOutput,
  Message,
  SendInput,
} from './schemas.ts'
import type { UseCases } from './use-cases/compose.ts'

const roles = ['operator', 'admin'] as const
/** An app that sends needs no more than that. */
const senders = ['sender', ...roles] as const

export const messagesRouter = ({ compose, send, read, conversation, texts }: UseCases) =>
  router({
    messages: router({
      compose: procedure({
        description:
          'Before typing: whether the person may be texted and, where not, every reason, since when and by whom; the numbers to text from, and the segments of a text.',
        roles,
        input: ComposeInput,
        output: ComposeOutput,
      }).query(({ input }) => compose(input)),
      send: procedure({
        description:
          'Sends one text through the gate. A blocked number gets nothing and its message says why; a request id that is repeated sends nothing more and is answered with what became of the first.',
        roles: senders,
        input: SendInput,
        output: Message,
      }).mutation(({ input }) => send(input)),
      get: procedure({
        description: 'One message as it stands now, with its reasons and its receipt.',
        roles: senders,
        input: GetInput,
        output: Message,
      }).query(({ input }) => read.get(input)),
      list: procedure({
        description: "An account's messages, the newest first, a page at a time.",
        roles,
        input: ListInput,
        output: ListOutput,
      }).query(({ input }) => read.list(input)),
      conversation: procedure({
        description:
          "Everything between the account and a person, the newest first: texts of every service and the person's own, receipts, opt-outs and opt-ins.",
        roles,
        input: ConversationInput,
        output: ConversationOutput,
      }).query(({ input }) => conversation(input)),
    }),
    texts: textsRouter(texts),
  })

export type MessagesRouter = ReturnType<typeof messagesRouter>

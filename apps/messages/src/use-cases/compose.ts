import type { Outbound } from '@heed/outbound'
import type { Logger } from '@heed/service'
import type { Compliance } from '../compliance.ts'
import type { Elsewhere } from '../elsewhere.ts'
import type { Lanes } from '../store/lanes.ts'
import { checkPerson } from './check-person.ts'
import { readConversation } from './read-conversation.ts'
import { readMessages } from './read-messages.ts'
import { sendMessage } from './send-message.ts'

export function composeUseCases(deps: {
  outbound: Outbound
  lanes: Lanes
  compliance: Compliance
  elsewhere: Elsewhere
  log: Logger
}) {
  return {
    compose: checkPerson(deps),
    send: sendMessage(deps),
    read: readMessages(deps),
    conversation: readConversation(deps),
    texts: deps.outbound.texts,
  }
}

export type UseCases = ReturnType<typeof composeUseCases>

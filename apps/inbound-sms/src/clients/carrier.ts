import {
  basicAuthorization,
  type CreateMessage,
  createMessageForm,
  messagesPath,
  parseCreateMessageAnswer,
  twilioClient,
} from '@heed/twilio'
import { Agent, request } from 'undici'

export interface CarrierOptions {
  readonly baseUrl: string
  readonly accountSid: string
  readonly authToken: string
}

/** The carrier's REST API: what it took in and when, and the one text that a late reply is. */
export function carrierClient(options: CarrierOptions) {
  const agent = new Agent({
    connections: 16,
    pipelining: 1,
    connect: { timeout: 2_000 },
    keepAliveTimeout: 30_000,
  })
  const messages = twilioClient({ ...options, timeoutMs: 4_000, dispatcher: agent })
  const listing = twilioClient({ ...options, timeoutMs: 20_000, dispatcher: agent })
  return {
    fetchMessage: messages.fetchMessage,
    listMessages: listing.listMessages,

    /**
     * Hands over one text, in one attempt; what became of it is for the metrics. Only `send-late-reply.ts`
     * calls this: nothing else here sends, and no other text may pass a block.
     */
    async text(message: CreateMessage): Promise<'accepted' | 'refused' | 'unknown'> {
      try {
        const { statusCode, body } = await request(
          options.baseUrl.replace(/\/+$/, '') + messagesPath(options.accountSid),
          {
            dispatcher: agent,
            method: 'POST',
            headers: {
              authorization: basicAuthorization(options.accountSid, options.authToken),
              'content-type': 'application/x-www-form-urlencoded',
            },
            body: createMessageForm(message),
            signal: AbortSignal.timeout(5_000),
          },
        )
        return parseCreateMessageAnswer(statusCode, await body.text()).outcome
      } catch {
        return 'unknown'
      }
    },

    [Symbol.asyncDispose]: () => agent.destroy(),
  }
}
export type Carrier = ReturnType<typeof carrierClient>

import { procedure, router } from '@heed/rpc'
import {
  ConnectHubSpotInput,
  ConnectWebhookInput,
  DisconnectInput,
  LinkOutput,
  ListInput,
  ListOutput,
  WebhookOutput,
} from './schemas.ts'
import type { UseCases } from './use-cases/compose.ts'

const roles = ['admin'] as const

export const crmRouter = ({ connect }: Pick<UseCases, 'connect'>) =>
  router({
    crm: router({
      connectHubSpot: procedure({
        description:
          'Links a HubSpot portal with the account: trades the code of its consent page for keys, which are kept sealed. Its workflows may then text, its opt-outs are heard, and ours are written back.',
        roles,
        input: ConnectHubSpotInput,
        output: LinkOutput,
      }).mutation(({ input }) => connect.hubspot(input)),
      connectWebhook: procedure({
        description:
          'Links any other CRM by signed webhooks (Standard Webhooks): it posts texts and opt-outs, and is told of opt-outs and opt-ins. The secret is shown this once.',
        roles,
        input: ConnectWebhookInput,
        output: WebhookOutput,
      }).mutation(({ input }) => connect.webhook(input)),
      list: procedure({
        description: "An account's links, with what waits to be told and what went wrong last.",
        roles,
        input: ListInput,
        output: ListOutput,
      }).query(({ input }) => connect.list(input.accountId)),
      disconnect: procedure({
        description: 'Ends a link at once and forgets its keys; what its CRM calls afterwards is refused.',
        roles,
        input: DisconnectInput,
        output: LinkOutput,
      }).mutation(({ input }) => connect.disconnect(input)),
    }),
  })

export type CrmRouter = ReturnType<typeof crmRouter>

import type { CampaignRouter } from '@heed/campaign/router'
import type { InboundRouter } from '@heed/inbound-sms/router'
import type { PastTextRow, TimePlace } from '@heed/outbound'
import type { AccountId, PhoneNumber } from '@heed/phone'
import type { RpcClient } from '@heed/rpc'
import type { SequenceRouter } from '@heed/sequence/router'

export interface Asked {
  readonly accountId: AccountId
  readonly number: PhoneNumber
  readonly before?: TimePlace
  readonly limit: number
}

type Received = Awaited<
  ReturnType<RpcClient<InboundRouter>['rpc']['texts']['list']['query']>
>['texts'][number]

/** The other services that know of texts to or from a person. What a call throws comes out. */
export interface Elsewhere {
  campaign(asked: Asked): Promise<readonly PastTextRow[]>
  sequence(asked: Asked): Promise<readonly PastTextRow[]>
  received(asked: Asked): Promise<readonly Received[]>
}

export function elsewhereOf(rpc: {
  campaign: RpcClient<CampaignRouter>['rpc']
  sequence: RpcClient<SequenceRouter>['rpc']
  inbound: RpcClient<InboundRouter>['rpc']
}): Elsewhere {
  return {
    campaign: async (asked) => (await rpc.campaign.texts.list.query(asked)).texts,
    sequence: async (asked) => (await rpc.sequence.texts.list.query(asked)).texts,
    received: async (asked) => (await rpc.inbound.texts.list.query(asked)).texts,
  }
}

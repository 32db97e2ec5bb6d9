import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { Compliance } from '../compliance.ts'
import { CrmError } from '../crm-error.ts'
import type { HubSpot } from '../hubspot/client.ts'
import type { ConnectHubSpotInput, ConnectWebhookInput, DisconnectInput } from '../schemas.ts'
import type { LinkDocument, Links } from '../store/links.ts'
import type { Work } from '../store/work.ts'
import type { Keys } from './keys.ts'

export interface ConnectDeps {
  readonly links: Pick<Links, 'put' | 'of' | 'close'>
  readonly work: Pick<Work, 'waiting'>
  readonly keys: Pick<Keys, 'seal' | 'forget'>
  readonly hubspot: Pick<HubSpot, 'exchange'>
  readonly compliance: Pick<Compliance, 'numbers'>
  readonly now: () => Date
  readonly newLinkId: () => string
  readonly newSecret: () => string
  readonly wake: () => void
}

/** Links an account with a CRM, and takes the link away again. */
export function connect(deps: ConnectDeps) {
  const insistOwn = async (a: AccountId, from: PhoneNumber) => {
    if (!(await deps.compliance.numbers(a)).includes(from)) throw new DomainError('not-own-number')
  }
  const keep = async (link: Omit<LinkDocument, 'mark' | 'createdAt' | 'closedAt'>) => {
    const isOurs = await deps.links.put({ ...link, mark: null, createdAt: deps.now(), closedAt: null })
    if (!isOurs) throw new DomainError('portal-taken')
    deps.keys.forget(link._id)
    // What was opted out before is told too.
    deps.wake()
    return link._id
  }
  return {
    async hubspot(input: ConnectHubSpotInput): Promise<{ linkId: string }> {
      const { accountId: a, name, from, subscriptionId, optOutProperty, country } = input
      await insistOwn(a, from)
      const { keys, portalId } = await deps.hubspot.exchange(input).catch((cause: unknown) => {
        const isRefusal = cause instanceof CrmError && cause.refused
        throw new DomainError(isRefusal ? 'crm-refused' : 'unavailable', { detail: 'no keys', cause })
      })
      const linkId = `hs_${portalId}`
      const sealed = deps.keys.seal(linkId, keys)
      const link = { _id: linkId, a, kind: 'hubspot' as const, name, from, sealed, url: null }
      const more = { subscriptionId, optOutProperty, country }
      return { linkId: await keep({ ...link, ...orNull(more) }) }
    },

    async webhook(input: ConnectWebhookInput): Promise<{ linkId: string; path: string; secret: string }> {
      const { accountId: a, name, from, url } = input
      await insistOwn(a, from)
      const linkId = deps.newLinkId()
      const secret = deps.newSecret()
      const sealed = deps.keys.seal(linkId, { secret })
      const link = { _id: linkId, a, kind: 'webhook' as const, name, from, sealed, url: url ?? null }
      await keep({ ...link, subscriptionId: null, optOutProperty: null, country: null })
      return { linkId, path: `/crm/webhooks/${linkId}`, secret }
    },

    async list(accountId: AccountId) {
      const links = await deps.links.of(accountId)
      const told = links.map(async ({ _id: linkId, kind, name, from, createdAt, closedAt }) => {
        const { count: waiting, lastError } = await deps.work.waiting(accountId, linkId)
        const times = { createdAt: createdAt.toISOString(), closedAt: closedAt?.toISOString() ?? null }
        return { linkId, kind, name, from, ...times, waiting, lastError }
      })
      return { links: await Promise.all(told) }
    },

    async disconnect({ accountId, linkId }: DisconnectInput): Promise<{ linkId: string }> {
      if (!(await deps.links.close(accountId, linkId, deps.now()))) throw new DomainError('unknown-link')
      deps.keys.forget(linkId)
      return { linkId }
    },
  }
}

function orNull({
  subscriptionId,
  optOutProperty,
  country,
}: {
  subscriptionId: number | undefined
  optOutProperty: string | undefined
  country: string | undefined
}) {
  return {
    subscriptionId: subscriptionId ?? null,
    optOutProperty: optOutProperty ?? null,
    country: country ?? null,
  }
}

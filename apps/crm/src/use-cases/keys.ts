import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { seal, unseal } from '../domain/sealed.ts'
import type { HubSpot, HubSpotKeys, Portal } from '../hubspot/client.ts'
import type { LinkDocument } from '../store/links.ts'

const HubSpotKeysShape = z.strictObject({
  clientId: z.string(),
  clientSecret: z.string(),
  refreshToken: z.string(),
})
const WebhookKeysShape = z.strictObject({ secret: z.string() })

/** The keys of links: sealed where they are kept, open here alone. */
export function openKeys(deps: { key: Buffer; hubspot: Pick<HubSpot, 'portal'> }) {
  const portals = new Map<string, { sealed: string; portal: Portal }>()
  const hubspotKeys = ({ _id, sealed }: LinkDocument): HubSpotKeys =>
    HubSpotKeysShape.parse(JSON.parse(unseal(deps.key, _id, sealed)))
  return {
    seal: (linkId: string, keys: HubSpotKeys | { secret: string }) =>
      seal(deps.key, linkId, JSON.stringify(keys), randomBytes(12)),

    hubspot: hubspotKeys,

    secret: ({ _id, sealed }: LinkDocument): string =>
      WebhookKeysShape.parse(JSON.parse(unseal(deps.key, _id, sealed))).secret,

    /** The portal of a link; one for each, so that its access token is shared. */
    portal(link: LinkDocument): Portal {
      const known = portals.get(link._id)
      if (known?.sealed === link.sealed) return known.portal
      const portal = deps.hubspot.portal(hubspotKeys(link))
      portals.set(link._id, { sealed: link.sealed, portal })
      return portal
    },

    forget: (linkId: string) => void portals.delete(linkId),
  }
}
export type Keys = ReturnType<typeof openKeys>

import { Client } from '@hubspot/api-client'
import { CrmError } from '../crm-error.ts'
import { asCrmError, within } from './failures.ts'

/** What a portal's app was given: enough to act for it until somebody takes it away in HubSpot. */
export interface HubSpotKeys {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
}

/** HubSpot allows an app 110 calls in ten seconds for each portal; all portals together keep below it here. */
const limiterOptions = { maxConcurrent: 6, minTime: 100 }
const timeoutMs = 8_000
/** An access token lives 30 minutes; it is taken as over a minute before. */
const spareMs = 60_000

export interface Portal {
  /** Sets a person's SMS subscription (communication preferences v4, which can also subscribe again). */
  setSubscription(number: string, subscriptionId: number, state: 'SUBSCRIBED' | 'UNSUBSCRIBED'): Promise<void>
  /** What a contact's properties say; null where there is no such contact. */
  contact(
    objectId: string,
    properties: readonly string[],
  ): Promise<Readonly<Record<string, string | null>> | null>
  /** Lets a blocked workflow go on. */
  complete(callbackId: string, outputFields: Readonly<Record<string, string>>): Promise<void>
}

/** HubSpot's API, by its own client. Every call ends within 8 s; what fails is a `CrmError`. */
export function openHubSpot({ baseUrl, now }: { baseUrl: string; now: () => number }) {
  const config = { basePath: baseUrl, limiterOptions, numberOfApiCallRetries: 0 }
  const oauth = () => new Client(config).oauth
  return {
    /** Trades what HubSpot's consent page returned for keys, and says which portal gave them. */
    async exchange(given: {
      clientId: string
      clientSecret: string
      code: string
      redirectUri: string
    }): Promise<{ keys: HubSpotKeys; portalId: number }> {
      const { clientId, clientSecret, code, redirectUri } = given
      const { tokensApi, accessTokensApi } = oauth()
      const told = await guarded('exchange', () =>
        tokensApi.create('authorization_code', code, redirectUri, clientId, clientSecret),
      )
      const { hubId } = await guarded('whose token', () => accessTokensApi.get(told.accessToken))
      return { keys: { clientId, clientSecret, refreshToken: told.refreshToken }, portalId: hubId }
    },

    /** One portal. Its access token is fetched when it is needed, and anew where HubSpot takes it no more. */
    portal(keys: HubSpotKeys): Portal {
      const token = accessTokens(keys, now, (refresh) => {
        const { clientId, clientSecret } = keys
        const { tokensApi } = oauth()
        return guarded('refresh', () =>
          tokensApi.create('refresh_token', undefined, undefined, clientId, clientSecret, refresh),
        ).catch((error: unknown) => {
          // Nothing is refused for good: whoever took the app away may link it again.
          const status = error instanceof CrmError && error.status !== null ? { status: error.status } : {}
          throw new CrmError('HubSpot: refresh', { afterMs: 60_000, cause: error, ...status })
        })
      })
      const call = async <T>(what: string, run: (client: Client) => Promise<T>): Promise<T> => {
        const client = () => token.get().then((accessToken) => new Client({ ...config, accessToken }))
        try {
          const ready = await client()
          return await guarded(what, () => run(ready))
        } catch (error) {
          if (!(error instanceof CrmError) || error.status !== 401) throw error
          token.drop()
          const ready = await client()
          return guarded(what, () => run(ready))
        }
      }
      return portalCalls(call)
    },
  }
}
export type HubSpot = ReturnType<typeof openHubSpot>

function portalCalls(call: <T>(what: string, run: (client: Client) => Promise<T>) => Promise<T>): Portal {
  return {
    setSubscription: (number, subscriptionId, statusState) =>
      call('set subscription', async (client) => {
        const path = `/communication-preferences/v4/statuses/${encodeURIComponent(number)}`
        const legal =
          statusState === 'SUBSCRIBED'
            ? { legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'The person texted an opt-in.' }
            : {}
        const body = { channel: 'SMS', subscriptionId, statusState, ...legal }
        const response = await client.apiRequest({ method: 'POST', path, body })
        await response.text()
        if (!response.ok) throw { code: response.status, headers: Object.fromEntries(response.headers) }
      }),

    contact: (objectId, properties) =>
      call('contact', async (client) => {
        const found = await client.crm.contacts.basicApi.getById(objectId, [...properties])
        return found.properties
      }).catch((error: unknown) => {
        if (error instanceof CrmError && error.status === 404) return null
        throw error
      }),

    complete: (callbackId, outputFields) =>
      call('complete', async (client) => {
        await client.automation.actions.callbacksApi.complete(callbackId, {
          outputFields: { ...outputFields },
        })
      }),
  }
}

/** One access token at a time, asked for once by whoever comes first. */
function accessTokens(
  keys: HubSpotKeys,
  now: () => number,
  refresh: (refreshToken: string) => Promise<{ accessToken: string; expiresIn: number }>,
) {
  let known: { token: Promise<string>; until: number } | null = null
  const fetchNew = () => {
    const entry = { token: Promise.resolve(''), until: Number.POSITIVE_INFINITY }
    entry.token = refresh(keys.refreshToken).then(({ accessToken, expiresIn }) => {
      entry.until = now() + expiresIn * 1_000 - spareMs
      return accessToken
    })
    entry.token.catch(() => {
      if (known === entry) known = null
    })
    known = entry
    return entry.token
  }
  return {
    get: () => (known && now() < known.until ? known.token : fetchNew()),
    drop() {
      known = null
    },
  }
}

async function guarded<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await within(timeoutMs, run)
  } catch (error) {
    throw asCrmError(`HubSpot: ${what}`, error)
  }
}

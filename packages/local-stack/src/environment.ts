import { join } from 'node:path'
import type { StackConfig } from './config.ts'
import { defaultPorts, portOrFree } from './ports.ts'
import type { Secrets } from './secrets.ts'

export type Environment = Record<string, string>

export interface SystemOptions {
  config: StackConfig
  mongodbUrl: string
  natsUrl: string
  secrets: Secrets
  /** Each service gets a folder of its own in it as DATA_DIR. */
  dataRoot: string
  /** Sets the databases, durables and work queues of this life of the system apart. */
  databaseId?: string
}

/** Where each service listens: its usual port, a given one, or a free one. */
export async function assignPorts(
  names: readonly string[],
  given: Readonly<Record<string, number>> = defaultPorts,
): Promise<Record<string, number>> {
  const assigned: Record<string, number> = {}
  for (const name of names) {
    let port = await portOrFree(given[name])
    while (Object.values(assigned).includes(port)) port = await portOrFree(undefined)
    assigned[name] = port
  }
  return assigned
}

export const urlOf = (port: number): string => `http://127.0.0.1:${port}`

/**
 * The whole environment of one service. `ports` names those of the system: callbacks of the carrier go to
 * inbound-sms, so PUBLIC_URL is its address for every service.
 */
export function serviceEnvironment(
  name: string,
  options: SystemOptions & { ports: Readonly<Record<string, number>> },
): Environment {
  const { config, secrets, ports } = options
  const url = (service: string) => urlOf(ports[service] ?? defaultPorts[service] ?? 0)
  const privateKey = secrets.privateKeys[name]
  const carrier = {
    TWILIO_BASE_URL: url('carrier-sim'),
    TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
  }
  const own = {
    ...config.childBase,
    PORT: String(ports[name]),
    HOST: '127.0.0.1',
    DATA_DIR: join(options.dataRoot, name),
  }
  if (name === 'carrier-sim') return { ...own, ...carrier }
  return {
    ...own,
    ...carrier,
    MONGODB_URL: options.mongodbUrl,
    NATS_URL: options.natsUrl,
    COMPLIANCE_URL: url('compliance'),
    CONTACTS_URL: url('contacts'),
    CAMPAIGN_URL: url('campaign'),
    SEQUENCE_URL: url('sequence'),
    INBOUND_URL: url('inbound-sms'),
    MESSAGES_URL: url('messages'),
    PUBLIC_URL: url('inbound-sms'),
    TOKEN_PUBLIC_KEYS: JSON.stringify(secrets.publicKeys),
    ...(privateKey ? { TOKEN_PRIVATE_KEY: JSON.stringify(privateKey) } : {}),
    ...(name === 'crm' ? { SECRETS_KEY: secrets.crmSecretsKey } : {}),
    ...(options.databaseId ? { DATABASE_ID: options.databaseId } : {}),
  }
}

import { randomBytes } from 'node:crypto'
import { generateKey, type PrivateKey, type PublicKey, type Role } from '@heed/rpc'

/** One run's secrets: nothing outside this machine ever sees them, and the next run has others. */
export interface Secrets {
  twilioAccountSid: string
  twilioAuthToken: string
  /** Seals what CRMs give the service `crm` to keep. */
  crmSecretsKey: string
  /** Each service's own key, granted what it needs and no more. */
  privateKeys: Readonly<Record<string, PrivateKey>>
  /** Granted every role: for the developer's own calls. */
  developerKey: PrivateKey
  publicKeys: readonly PublicKey[]
}

const grants: Readonly<Record<string, Role[]>> = {
  'inbound-sms': ['inbound'],
  campaign: ['sender'],
  sequence: ['sender'],
  contacts: ['admin'],
  messages: ['sender', 'operator'],
  crm: ['sender', 'operator'],
}

export async function generateSecrets(): Promise<Secrets> {
  const developer = await generateKey({
    kid: 'developer',
    roles: ['sender', 'inbound', 'operator', 'admin'],
    accounts: ['*'],
  })
  const own = await Promise.all(
    Object.entries(grants).map(async ([name, roles]) => {
      const { privateKey, publicKey } = await generateKey({ kid: name, roles, accounts: ['*'] })
      return { name, privateKey, publicKey }
    }),
  )
  return {
    twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: randomBytes(16).toString('hex'),
    crmSecretsKey: randomBytes(32).toString('base64'),
    privateKeys: Object.fromEntries(own.map(({ name, privateKey }) => [name, privateKey])),
    developerKey: developer.privateKey,
    publicKeys: [developer.publicKey, ...own.map(({ publicKey }) => publicKey)],
  }
}

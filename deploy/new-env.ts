import { randomBytes } from 'node:crypto'
import { generateKey, type Role } from '@heed/rpc'

// Run by `(umask 077 && node deploy/new-env.ts > .env)`: what docker-compose.yml needs, with fresh secrets.

/** Who calls, and as what: each service by a key that is granted what it needs and no more. */
const callers: Readonly<Record<string, { variable: string; roles: Role[] }>> = {
  'inbound-sms': { variable: 'INBOUND_SMS_TOKEN_PRIVATE_KEY', roles: ['inbound'] },
  campaign: { variable: 'CAMPAIGN_TOKEN_PRIVATE_KEY', roles: ['sender'] },
  sequence: { variable: 'SEQUENCE_TOKEN_PRIVATE_KEY', roles: ['sender'] },
  contacts: { variable: 'CONTACTS_TOKEN_PRIVATE_KEY', roles: ['admin'] },
  messages: { variable: 'MESSAGES_TOKEN_PRIVATE_KEY', roles: ['sender', 'operator'] },
  crm: { variable: 'CRM_TOKEN_PRIVATE_KEY', roles: ['sender', 'operator'] },
  admin: { variable: 'ADMIN_TOKEN_PRIVATE_KEY', roles: ['operator', 'admin'] },
}

const passwords = [
  'MONGODB_ROOT_PASSWORD',
  'MONGODB_COMPLIANCE_PASSWORD',
  'MONGODB_INBOUND_SMS_PASSWORD',
  'MONGODB_CAMPAIGN_PASSWORD',
  'MONGODB_SEQUENCE_PASSWORD',
  'MONGODB_CONTACTS_PASSWORD',
  'MONGODB_MESSAGES_PASSWORD',
  'MONGODB_CRM_PASSWORD',
  'NATS_PREPARE_PASSWORD',
  'NATS_COMPLIANCE_PASSWORD',
  'NATS_INBOUND_SMS_PASSWORD',
  'NATS_CAMPAIGN_PASSWORD',
  'NATS_SEQUENCE_PASSWORD',
  'NATS_CONTACTS_PASSWORD',
  'NATS_MESSAGES_PASSWORD',
  'NATS_CRM_PASSWORD',
]

/** The text of an .env file; what only the operator knows comes first and is empty. */
export async function newEnvironment(): Promise<string> {
  const pairs = await Promise.all(
    Object.entries(callers).map(async ([kid, { variable, roles }]) => ({
      variable,
      ...(await generateKey({ kid, roles, accounts: ['*'] })),
    })),
  )
  const lines = [
    'PUBLIC_URL=',
    'TWILIO_ACCOUNT_SID=',
    'TWILIO_AUTH_TOKEN=',
    `TOKEN_PUBLIC_KEYS='${JSON.stringify(pairs.map(({ publicKey }) => publicKey))}'`,
    ...pairs.map(({ variable, privateKey }) => `${variable}='${JSON.stringify(privateKey)}'`),
    ...passwords.map((variable) => `${variable}=${randomBytes(24).toString('hex')}`),
    `CRM_SECRETS_KEY=${randomBytes(32).toString('base64')}`,
    `MONGODB_KEYFILE=${randomBytes(48).toString('base64')}`,
  ]
  return `${lines.join('\n')}\n`
}

if (import.meta.main) process.stdout.write(await newEnvironment())

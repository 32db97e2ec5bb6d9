import { expect, test } from 'vitest'
import { stackConfig } from './config.ts'
import { serviceEnvironment } from './environment.ts'
import { generateSecrets } from './secrets.ts'

const names = [
  'inbound-sms',
  'compliance',
  'campaign',
  'sequence',
  'contacts',
  'messages',
  'crm',
  'carrier-sim',
]

async function environments() {
  const system = {
    config: stackConfig({ PATH: '/bin', HOME: '/home/ann' }),
    secrets: await generateSecrets(),
    mongodbUrl: 'mongodb://127.0.0.1:1',
    natsUrl: 'nats://127.0.0.1:2',
    dataRoot: '/data',
    ports: Object.fromEntries(names.map((name, index) => [name, 4000 + index])),
  }
  return Object.fromEntries(names.map((name) => [name, serviceEnvironment(name, system)]))
}

test('a service gets PATH, HOME and its own settings, and nothing of the environment that started it', async () => {
  const { campaign } = await environments()
  expect(Object.keys(campaign ?? {}).sort()).toEqual([
    'CAMPAIGN_URL',
    'COMPLIANCE_URL',
    'CONTACTS_URL',
    'DATA_DIR',
    'HOME',
    'HOST',
    'INBOUND_URL',
    'MESSAGES_URL',
    'MONGODB_URL',
    'NATS_URL',
    'PATH',
    'PORT',
    'PUBLIC_URL',
    'SEQUENCE_URL',
    'TOKEN_PRIVATE_KEY',
    'TOKEN_PUBLIC_KEYS',
    'TWILIO_ACCOUNT_SID',
    'TWILIO_AUTH_TOKEN',
    'TWILIO_BASE_URL',
  ])
})

test('callbacks of the carrier go to inbound-sms, and questions to compliance', async () => {
  const { sequence } = await environments()
  expect(sequence).toMatchObject({
    PUBLIC_URL: 'http://127.0.0.1:4000',
    COMPLIANCE_URL: 'http://127.0.0.1:4001',
    TWILIO_BASE_URL: 'http://127.0.0.1:4007',
  })
})

test('each service has a key of its own with its role alone; compliance and the simulator have none', async () => {
  const { campaign, compliance, ...others } = await environments()
  const kid = (environment?: Record<string, string>) =>
    environment?.TOKEN_PRIVATE_KEY ? JSON.parse(environment.TOKEN_PRIVATE_KEY).kid : null
  expect([compliance, others['carrier-sim'], campaign, others['inbound-sms']].map(kid)).toEqual([
    null,
    null,
    'campaign',
    'inbound-sms',
  ])
  const keys = JSON.parse(compliance?.TOKEN_PUBLIC_KEYS ?? '[]') as { kid: string; roles: string[] }[]
  expect(Object.fromEntries(keys.map((key) => [key.kid, key.roles]))).toEqual({
    developer: ['sender', 'inbound', 'operator', 'admin'],
    'inbound-sms': ['inbound'],
    campaign: ['sender'],
    sequence: ['sender'],
    contacts: ['admin'],
    messages: ['sender', 'operator'],
    crm: ['sender', 'operator'],
  })
})

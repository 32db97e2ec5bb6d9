import { connectMongo } from '@heed/mongo'
import { connectBus, eventStreams } from '@heed/nats'
import { ConfigError, createLogger, type Logger, pause, readConfig, untilItWorks } from '@heed/service'
import { environment, type PrepareConfig, prepareConfig } from './config.ts'
import { ensureReplicaSet, ensureUsers, mongoUsers } from './mongo-users.ts'

// Run by docker-compose.yml before the services start: everything that needs more rights than they have.

const withinMs = 120_000

/** The streams of events, made or brought up to their definitions. */
export async function prepareStreams(url: string, log: Logger, signal: AbortSignal): Promise<void> {
  await using bus = await connectBus({ url, name: 'heed-prepare', log, signal })
  for (const stream of eventStreams) await bus.ensureStream(stream)
}

async function prepareDatabase(config: PrepareConfig, log: Logger, signal: AbortSignal): Promise<void> {
  const url = config.MONGODB_URL
  await using mongo = await connectMongo({ url, appName: 'heed-prepare', purpose: 'ordinary', log, signal })
  const run = (command: Record<string, unknown>) => mongo.client.db('admin').command(command)
  await ensureReplicaSet(run, config.MONGODB_MEMBER, pause)
  await ensureUsers(
    run,
    mongoUsers({
      compliance: config.MONGODB_COMPLIANCE_PASSWORD,
      'inbound-sms': config.MONGODB_INBOUND_SMS_PASSWORD,
      campaign: config.MONGODB_CAMPAIGN_PASSWORD,
      sequence: config.MONGODB_SEQUENCE_PASSWORD,
      contacts: config.MONGODB_CONTACTS_PASSWORD,
      messages: config.MONGODB_MESSAGES_PASSWORD,
      crm: config.MONGODB_CRM_PASSWORD,
    }),
  )
}

async function main(): Promise<void> {
  const config = readConfig(prepareConfig, environment())
  const log = createLogger('prepare', config.LOG_LEVEL)
  const signal = AbortSignal.timeout(withinMs)
  const retrying = {
    backoff: { firstMs: 200, maxMs: 5_000 },
    signal,
    onFailure: (error: unknown) => log.warn({ err: error }, 'not prepared yet, trying again'),
  }
  await untilItWorks(() => prepareDatabase(config, log, signal), retrying)
  await untilItWorks(() => prepareStreams(config.NATS_URL, log, signal), retrying)
  log.info('replica set, users and streams are there')
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    if (error instanceof ConfigError) process.stderr.write(`prepare: ${error.message}\n`)
    else createLogger('prepare', 'error').fatal({ err: error }, 'could not prepare')
    process.exitCode = 1
  })
}

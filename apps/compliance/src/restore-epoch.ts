import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { consentChanged } from '@heed/events'
import { connectMongo, databaseName } from '@heed/mongo'
import { connectBus } from '@heed/nats'
import { ownTokens, privateKeySetting } from '@heed/rpc'
import { createLogger, systemClock } from '@heed/service'
import { z } from 'zod'
import { inboundSmsClient } from './clients/inbound-sms.ts'
import { accountStore } from './store/accounts.ts'
import { epochStore } from './store/epochs.ts'
import { instanceStore } from './store/instances.ts'
import { restoreStore } from './store/restores.ts'
import { settingsStore } from './store/settings.ts'
import { consentStores, prepareConsentStores } from './store/stores.ts'
import { type Surroundings, surroundings } from './surroundings.ts'
import { foldAccount } from './use-cases/fold-account.ts'
import { reportLines } from './use-cases/restore/report-lines.ts'
import { restoreEpoch } from './use-cases/restore/restore-epoch.ts'

// Run by `npm run restore-epoch` after compliance's database was restored from a backup: docs/restore.md.

const usage = `usage: npm run restore-epoch -- [--dry-run] [--restore-id ID] [--since TIME] [--database NAME]
         [--inbound-sms URL,URL] [--without nats] [--without inbound-sms]`

const Options = z.object({
  'dry-run': z.boolean().default(false),
  'restore-id': z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .default(() => `r-${randomBytes(4).toString('hex')}`),
  since: z.iso.datetime().optional(),
  database: z
    .string()
    .regex(/^heed_compliance(_[A-Za-z0-9_]{1,32})?$/)
    .optional(),
  'inbound-sms': z.string().optional(),
  without: z.array(z.enum(['nats', 'inbound-sms'])).default([]),
})
type Options = z.infer<typeof Options>

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean' },
      'restore-id': { type: 'string' },
      since: { type: 'string' },
      database: { type: 'string' },
      'inbound-sms': { type: 'string' },
      without: { type: 'string', multiple: true },
    },
  })
  return Options.parse(values)
}

async function main(): Promise<void> {
  const options = readOptions()
  const { 'dry-run': dryRun, 'restore-id': restoreId } = options
  if (!dryRun) console.log(`restore ${restoreId} (should this be interrupted: --restore-id ${restoreId})`)
  const around = await surroundings()
  await using stack = new AsyncDisposableStack()
  const deps = await open(stack, around, options)
  const since = options.since ? { since: new Date(options.since) } : {}
  const report = await restoreEpoch(deps, { restoreId, dryRun, ...since })
  for (const line of reportLines(report, { dryRun })) console.log(line)
}

async function open(stack: AsyncDisposableStack, around: Surroundings, options: Options) {
  const log = createLogger('restore-epoch', 'warn')
  const signal = AbortSignal.timeout(15_000)
  const connection = { url: around.mongodbUrl, appName: 'heed-restore-epoch', signal }
  const mongo = stack.use(await connectMongo({ ...connection, purpose: 'ordinary' }))
  const db = mongo.db(options.database ?? databaseName('compliance', around.databaseId))
  const stores = consentStores(mongo.client, db)
  const accounts = accountStore(db)
  if (!options['dry-run']) {
    await prepareConsentStores(stores)
    await accounts.prepare()
  }
  const bus = options.without.includes('nats')
    ? null
    : stack.use(await connectBus({ url: natsUrlOf(around), name: 'heed-restore-epoch', log, signal }))
  let stopped: Error | null = null
  const fold = foldAccount({
    stores,
    onStopped: (a, why) => {
      stopped = new Error(`the ledger of ${a} contradicts itself: ${why.message}`)
    },
  })
  return {
    stores,
    accounts,
    epochs: epochStore(db),
    restores: restoreStore(db),
    instances: instanceStore(db),
    settings: settingsStore(db),
    events: () => bus?.stored(consentChanged, 'restore_epoch') ?? nothing(),
    inboundSms: inboundSmsOf(around, options),
    clock: systemClock,
    randomHex: (bytes: number) => randomBytes(bytes).toString('hex'),
    wait: (ms: number) => sleep(ms),
    fold: async (a: string) => {
      await fold(a)
      if (stopped !== null) throw stopped
    },
  }
}

async function* nothing() {}

function natsUrlOf({ natsUrl }: Surroundings): string {
  if (natsUrl) return natsUrl
  throw new Error('set NATS_URL, or say --without nats: then what only its stream knows stays lost')
}

function inboundSmsOf(around: Surroundings, options: Options) {
  if (options.without.includes('inbound-sms')) return []
  const urls = options['inbound-sms']?.split(',').filter(Boolean) ?? around.inboundSmsUrls
  if (urls.length === 0 || !around.tokenPrivateKey) {
    throw new Error(
      'name every instance of inbound-sms (--inbound-sms or INBOUND_SMS_URLS) and an admin key (TOKEN_PRIVATE_KEY), or say --without inbound-sms: then texts that only it knows stay lost',
    )
  }
  const token = ownTokens(privateKeySetting.parse(around.tokenPrivateKey), 'admin')
  return urls.map((url) => inboundSmsClient({ url, token }))
}

await main().catch((error) => {
  const isUsage = error instanceof z.ZodError || error instanceof TypeError
  console.error(isUsage ? usage : `restore-epoch: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  defaultPorts,
  type FoundServer,
  findOrStartMongo,
  findOrStartNats,
  generateSecrets,
  openProcessGroup,
  type RunFile,
  type RunningServices,
  removeRunFile,
  runSecrets,
  type Secrets,
  type StackConfig,
  serviceNames,
  stackConfig,
  startServices,
  takeRunLock,
  writeRunFile,
} from '@heed/local-stack'
import { connectMongo, databaseName } from '@heed/mongo'

export interface DemoSystem extends AsyncDisposable {
  readonly urls: RunningServices['urls']
  readonly secrets: Secrets
  readonly mongodb: FoundServer
  readonly nats: FoundServer
  readonly processes: RunFile['processes']
}

/**
 * Starts every service on the embedded default, or on MONGODB_URL and NATS_URL. Databases are named with an id of
 * this run and dropped at its end; nothing is left running.
 */
export async function startSystem(options: {
  databaseId: string
  keep: boolean
  /** Added to the environment of the services named. */
  extra?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** NODE_OPTIONS of every process that is Node's. */
  nodeOptions?: string
  say: (line: string) => void
  onOutput: (line: string, name: string) => void
}): Promise<DemoSystem> {
  await using opening = new AsyncDisposableStack()
  if (options.keep) {
    opening.use(takeRunLock())
    removeRunFile()
    opening.defer(() => removeRunFile())
  }
  const config = withNodeOptions(stackConfig(), options.nodeOptions)
  const dataRoot = mkdtempSync(join(tmpdir(), 'heed-demo-'))
  opening.defer(() => rmSync(dataRoot, { recursive: true, force: true }))
  const group = opening.use(await openProcessGroup(join(dataRoot, 'processes')))
  const sink = options.onOutput
  const [mongodb, nats] = await Promise.all([
    findOrStartMongo({ config, group, dataDir: join(dataRoot, 'mongo'), sink }),
    findOrStartNats({ config, group, dataDir: join(dataRoot, 'nats'), say: options.say, sink }),
  ])
  opening.defer(() => dropDatabases(mongodb.url, options.databaseId))
  const secrets = await generateSecrets()
  const started = opening.use(
    await startServices({
      names: [...serviceNames],
      group,
      config,
      secrets,
      dataRoot,
      mongodbUrl: mongodb.url,
      natsUrl: nats.url,
      databaseId: options.databaseId,
      ports: defaultPorts,
      ...(options.extra ? { extra: options.extra } : {}),
      sink,
    }),
  )
  const processes = [
    ...[mongodb, nats].flatMap(({ name, process: own }) =>
      own?.url ? [{ name, url: own.url, pid: own.pid }] : [],
    ),
    ...started.all().map((service) => ({ name: service.name, url: service.url, pid: service.pid() })),
  ]
  if (options.keep)
    writeRunFile({ processes, mongodbUrl: mongodb.url, natsUrl: nats.url, secrets: runSecrets(secrets) })
  const open = opening.move()
  return {
    urls: started.urls,
    secrets,
    mongodb,
    nats,
    processes,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

function withNodeOptions(config: StackConfig, nodeOptions: string | undefined): StackConfig {
  if (nodeOptions === undefined) return config
  return { ...config, childBase: { ...config.childBase, ...{ NODE_OPTIONS: nodeOptions } } }
}

async function dropDatabases(url: string, databaseId: string): Promise<void> {
  const signal = AbortSignal.timeout(5_000)
  try {
    await using mongo = await connectMongo({ url, appName: 'heed-demo', purpose: 'ordinary', signal })
    for (const name of serviceNames) await mongo.db(databaseName(name, databaseId)).dropDatabase()
  } catch {
    // A database that is gone already has nothing to drop.
  }
}

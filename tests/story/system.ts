import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  dropDatabases,
  type Environment,
  findOrStartMongo,
  findOrStartNats,
  generateSecrets,
  openProcessGroup,
  RunFile,
  runSecrets,
  type Secrets,
  stackConfig,
  startServices,
  writeRunFile,
} from '@heed/local-stack'
import { inject } from 'vitest'

export const serviceNames = ['carrier-sim', 'compliance', 'inbound-sms', 'campaign', 'sequence'] as const

export interface WholeSystem extends AsyncDisposable {
  readonly run: RunFile
  /** Where `run` is written, as `npm run dev` writes `.heed/run.json`. */
  readonly runFile: string
  readonly secrets: Secrets
  readonly databaseId: string
  /** What every process said, on standard output and standard error. */
  readonly lines: readonly { readonly name: string; readonly line: string }[]
  /** Where what they say is kept; a process that a test starts again says it here, too. */
  sink(line: string, name: string): void
  url(name: string): string
  pidOf(name: string): number
}

/**
 * Every service as a process of its own on free ports. `servers: 'own'` starts a database and NATS for this
 * system alone, which may be killed; `'shared'` uses those of the test run, on databases of its own.
 */
export async function startWholeSystem(options: {
  servers: 'own' | 'shared'
  extra?: Readonly<Record<string, Environment>>
  sink?: (line: string, name: string) => void
}): Promise<WholeSystem> {
  await using opening = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'heed-story-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const given = stackConfig()
  const own = { ...given, mongodbUrl: undefined, natsUrl: undefined }
  const shared = { ...given, mongodbUrl: inject('mongodbUrl'), natsUrl: inject('natsUrl') }
  const config = options.servers === 'own' ? own : shared
  const lines: { name: string; line: string }[] = []
  const sink = (line: string, name: string) => {
    lines.push({ name, line })
    options.sink?.(line, name)
  }
  const group = opening.use(await openProcessGroup(join(folder, 'processes')))
  const server = (name: string) => {
    const dataDir = join(folder, name)
    mkdirSync(dataDir)
    return { config, group, dataDir, sink }
  }
  const [mongodb, nats] = await Promise.all([
    findOrStartMongo(server('mongo')),
    findOrStartNats(server('nats')),
  ])
  const secrets = await generateSecrets()
  const databaseId = `story_${randomBytes(4).toString('hex')}`
  if (options.servers === 'shared') {
    opening.defer(() => dropDatabases({ mongodbUrl: mongodb.url, names: serviceNames, databaseId }))
  }
  const services = opening.use(
    await startServices({
      names: [...serviceNames],
      group,
      config,
      secrets,
      dataRoot: join(folder, 'data'),
      mongodbUrl: mongodb.url,
      natsUrl: nats.url,
      databaseId,
      sink,
      ...(options.extra ? { extra: options.extra } : {}),
    }),
  )
  const run: RunFile = RunFile.parse({
    processes: [
      ...[mongodb, nats].flatMap(({ name, process }) =>
        process?.url ? [{ name, url: process.url, pid: process.pid }] : [],
      ),
      ...services.all().map((service) => ({ name: service.name, url: service.url, pid: service.pid() })),
    ],
    mongodbUrl: mongodb.url,
    natsUrl: nats.url,
    secrets: runSecrets(secrets),
  })
  const runFile = join(folder, 'run.json')
  writeRunFile(run, runFile)
  const found = (name: string) => {
    const process = run.processes.find((one) => one.name === name)
    if (!process) throw new RangeError(`${name} does not run`)
    return process
  }
  const open = opening.move()
  return {
    run,
    runFile,
    secrets,
    databaseId,
    lines,
    sink,
    url: (name) => found(name).url,
    pidOf: (name) => found(name).pid,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

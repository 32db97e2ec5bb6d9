import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  dropDatabases,
  type Environment,
  type FoundServer,
  findOrStartMongo,
  findOrStartNats,
  generateSecrets,
  openProcessGroup,
  RunFile,
  type RunningServices,
  runSecrets,
  type Secrets,
  type ServerOptions,
  serviceNames,
  stackConfig,
  startServices,
  writeRunFile,
} from '@heed/local-stack'

export interface WholeSystem extends AsyncDisposable {
  readonly run: RunFile
  /** Where `run` is written, as `npm run dev` writes `.heed/run.json`. */
  readonly runFile: string
  readonly secrets: Secrets
  readonly databaseId: string
  /** What is recorded here ends with this process, however that ends. */
  readonly processFolder: string
  /** What every process said, on standard output and standard error; the last 100,000 lines. */
  readonly lines: readonly { readonly name: string; readonly line: string }[]
  /** Where what they say is kept; a process that a test starts again says it here, too. */
  sink(line: string, name: string): void
  url(name: string): string
  pidOf(name: string): number
}

const linesKept = 100_000

/** How the services are to be wired other than by themselves. */
export interface Wiring {
  readonly ports?: Readonly<Record<string, number>>
  /** Added to the environment of the services named. */
  readonly extra?: Readonly<Record<string, Environment>>
  /** More copies of services, with what is added to their environment. */
  readonly copies?: readonly { readonly name: string; readonly own: Environment }[]
}

/**
 * Every service as a process of its own on free ports. `servers: 'own'` starts a database and NATS for this
 * system alone, which may be killed; those that are given are used with databases of its own.
 */
export async function startWholeSystem(options: {
  servers: 'own' | { readonly mongodbUrl: string; readonly natsUrl: string }
  wire?: (servers: { mongodbUrl: string; natsUrl: string }) => Promise<Wiring>
  sink?: (line: string, name: string) => void
}): Promise<WholeSystem> {
  await using opening = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'heed-whole-'))
  opening.defer(() => rmSync(folder, { recursive: true, force: true }))
  const given = stackConfig()
  const own = { mongodbUrl: undefined, natsUrl: undefined }
  const config = { ...given, ...(options.servers === 'own' ? own : options.servers) }
  const lines: { name: string; line: string }[] = []
  const sink = (line: string, name: string) => {
    lines.push({ name, line })
    if (lines.length > linesKept) lines.shift()
    options.sink?.(line, name)
  }
  const group = opening.use(await openProcessGroup(join(folder, 'processes')))
  const [mongodb, nats] = await startServers({ config, group, folder, sink })
  const servers = { mongodbUrl: mongodb.url, natsUrl: nats.url }
  const wiring = (await options.wire?.(servers)) ?? {}
  const secrets = await generateSecrets()
  const databaseId = `whole_${randomBytes(4).toString('hex')}`
  if (options.servers !== 'own') {
    opening.defer(() => dropDatabases({ mongodbUrl: mongodb.url, names: serviceNames, databaseId }))
  }
  const services = opening.use(
    await startServices({
      names: [...serviceNames],
      group,
      config,
      secrets,
      dataRoot: join(folder, 'data'),
      ...servers,
      databaseId,
      sink,
      ports: wiring.ports ?? {},
      extra: wiring.extra ?? {},
    }),
  )
  for (const { name, own } of wiring.copies ?? []) await services.addCopy(name, own)
  const run = RunFile.parse({
    processes: [...[mongodb, nats].flatMap(serverProcess), ...serviceProcesses(services)],
    ...servers,
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
    processFolder: group.folder,
    lines,
    sink,
    url: (name) => found(name).url,
    pidOf: (name) => found(name).pid,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

function startServers({ folder, ...given }: Omit<ServerOptions, 'dataDir'> & { folder: string }) {
  const server = (name: string) => {
    const dataDir = join(folder, name)
    mkdirSync(dataDir)
    return { ...given, dataDir }
  }
  return Promise.all([findOrStartMongo(server('mongo')), findOrStartNats(server('nats'))])
}

const serverProcess = ({ name, process }: FoundServer) =>
  process?.url ? [{ name, url: process.url, pid: process.pid }] : []

/** Of several copies the second is named `<name>-2`. */
function serviceProcesses(services: RunningServices) {
  const seen = new Map<string, number>()
  return services.all().map(({ name, url, pid }) => {
    const copy = (seen.get(name) ?? 0) + 1
    seen.set(name, copy)
    return { name: copy === 1 ? name : `${name}-${copy}`, url, pid: pid() }
  })
}

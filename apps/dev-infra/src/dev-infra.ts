import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  announceRun,
  assignPorts,
  clearEarlierRuns,
  type DevRun,
  defaultPorts,
  type FoundServer,
  findOrStartMongo,
  findOrStartNats,
  generateSecrets,
  handOut,
  openProcessGroup,
  readProcessRecords,
  removeRunFile,
  repository,
  runSecrets,
  serviceEnvironment,
  stackConfig,
  takeRunLock,
  untilAborted,
  urlOf,
  writeRunFile,
} from '@heed/local-stack'
import { awaitServices, type ServingProcess } from './await-services.ts'
import { table } from './table.ts'

export interface DevInfra extends AsyncDisposable {
  untilStopped(): Promise<void>
}

const servicesStopWithinMs = 13_000

/**
 * The life of one `npm run dev`: MongoDB and NATS, an environment for each service, and, when all of them
 * listen, the run file and a table of addresses. Disposal removes the run file first and ends the servers
 * last, when the services have gone.
 */
export async function startDevInfra({
  run,
  say,
  stopping,
}: {
  run: DevRun
  say: (line: string) => void
  stopping: AbortSignal
}): Promise<DevInfra> {
  await using opening = new AsyncDisposableStack()
  announceRun(run)
  opening.use(takeRunLock())
  removeRunFile()
  await clearEarlierRuns(run)
  const group = opening.use(await openProcessGroup(run.folder))
  opening.defer(() => untilServicesGone(run))
  const config = stackConfig()
  const dataRoot = join(repository, '.heed/data')
  const [mongo, nats] = await Promise.all([
    findOrStartMongo({ config, group, dataDir: join(dataRoot, 'mongo'), sink: warnings(say) }),
    findOrStartNats({ config, group, dataDir: join(dataRoot, 'nats'), say, sink: warnings(say) }),
  ])
  const names = launchedApps()
  const secrets = await generateSecrets()
  const ports = await assignPorts(names, defaultPorts)
  const system = { config, secrets, dataRoot, ports, mongodbUrl: mongo.url, natsUrl: nats.url }
  for (const name of names) mkdirSync(join(dataRoot, name), { recursive: true })
  handOut(run, Object.fromEntries(names.map((name) => [name, serviceEnvironment(name, system)])))
  opening.defer(() => removeRunFile())
  const urls = names.map((name) => ({ name, url: urlOf(ports[name] ?? 0) }))
  const announced = awaitServices({ run, services: urls, say, stopping }).then((services) => {
    if (services === null) return
    const processes = [...[mongo, nats].flatMap(ofServer), ...services]
    writeRunFile({ processes, mongodbUrl: mongo.url, natsUrl: nats.url, secrets: runSecrets(secrets) })
    for (const line of table(processes)) say(line)
  })
  opening.defer(() => announced.catch(() => {}))
  const open = opening.move()
  return {
    async untilStopped() {
      await announced
      sayWhenLost([mongo, nats], { say, stopping })
      await untilAborted(stopping)
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** The apps whose `dev` script waits for an environment from here. */
function launchedApps(): string[] {
  const apps = join(repository, 'apps')
  return readdirSync(apps).filter((name) => {
    try {
      const { scripts } = JSON.parse(readFileSync(join(apps, name, 'package.json'), 'utf8'))
      return /local-stack\/src\/launch\.ts/.test(scripts?.dev ?? '')
    } catch {
      return false
    }
  })
}

function ofServer({ name, process: started }: FoundServer): ServingProcess[] {
  return started?.url ? [{ name, url: started.url, pid: started.pid }] : []
}

/** Servers talk a lot; a developer needs what is wrong with them. */
function warnings(say: (line: string) => void) {
  return (line: string, name: string) => {
    if (/\[(WRN|ERR|FTL)\]|error|warn/i.test(line)) say(`${name}: ${line}`)
  }
}

/** A server that dies is said and not restarted, as a service is; the services wait for it with backoff. */
function sayWhenLost(
  servers: FoundServer[],
  { say, stopping }: { say: (line: string) => void; stopping: AbortSignal },
) {
  for (const { name, process: started } of servers) {
    void started?.exited.then(({ code, signal }) => {
      if (!stopping.aborted) say(`${name} ended (${signal ?? `code ${code}`}) and is not restarted`)
    })
  }
}

/** Services need their servers until they have drained; those that stay longer are the reaper's. */
async function untilServicesGone(run: DevRun): Promise<void> {
  const until = performance.now() + servicesStopWithinMs
  const remain = () => readProcessRecords(run.folder).some(({ endsLast }) => !endsLast)
  while (remain() && performance.now() < until) await sleep(50)
}

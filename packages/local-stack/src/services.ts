import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  assignPorts,
  type Environment,
  type SystemOptions,
  serviceEnvironment,
  urlOf,
} from './environment.ts'
import { repository } from './paths.ts'
import { freePort } from './ports.ts'
import type { ProcessGroup } from './process-group.ts'
import type { ProcessSpec, RunningProcess, Sink } from './start-process.ts'

export interface StartServicesOptions extends SystemOptions {
  names: readonly string[]
  group: ProcessGroup
  /** Ports by service; free ones where not given or taken. */
  ports?: Readonly<Record<string, number>>
  /** Added to the environment of the services named. */
  extra?: Readonly<Record<string, Environment>>
  sink?: Sink
}

export interface RunningService extends AsyncDisposable {
  /** The app's folder name. */
  readonly name: string
  readonly url: string
  readonly environment: Readonly<Environment>
  /** Of the process that runs now. */
  pid(): number
  kill(signal: NodeJS.Signals): Promise<void>
  /** How the process that runs now ends, or the last one ended. */
  exited(): RunningProcess['exited']
  /** Starts it again on the same port with the same environment, ending it first where it runs. */
  restart(): Promise<void>
}

export interface RunningServices extends AsyncDisposable {
  /** The first copy of each, by name. */
  readonly urls: Readonly<Record<string, string>>
  service(name: string): RunningService
  all(): readonly RunningService[]
  /** One more copy of a service on a free port, with a data folder of its own; `own` is added to its environment. */
  addCopy(name: string, own?: Environment): Promise<RunningService>
}

/** Starts real services as child processes and resolves when each answers `/readyz`. A failed start ends them all. */
export async function startServices(options: StartServicesOptions): Promise<RunningServices> {
  const ports = await assignPorts(options.names, options.ports ?? {})
  const running: RunningService[] = []
  const dispose = async () => {
    await Promise.all(running.map((service) => service[Symbol.asyncDispose]()))
  }
  const launch = async (name: string, recordName: string, own: Partial<Environment>) => {
    const base = serviceEnvironment(name, { ...options, ports })
    const environment = { ...base, ...options.extra?.[name], ...own } as Environment
    mkdirSync(environment.DATA_DIR ?? options.dataRoot, { recursive: true })
    const service = await startService(options, { name, recordName, environment })
    running.push(service)
    return service
  }
  const results = await Promise.allSettled(options.names.map((name) => launch(name, name, {})))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) {
    await dispose()
    throw failed.reason
  }
  let copies = 1
  return {
    urls: Object.fromEntries(options.names.map((name) => [name, urlOf(ports[name] ?? 0)])),
    service(name) {
      const found = running.find((service) => service.name === name)
      if (!found) throw new RangeError(`${name} was not started`)
      return found
    },
    all: () => [...running],
    async addCopy(name, own = {}) {
      const recordName = `${name}-${++copies}`
      const DATA_DIR = join(options.dataRoot, recordName)
      return launch(name, recordName, { PORT: String(await freePort()), DATA_DIR, ...own })
    },
    [Symbol.asyncDispose]: dispose,
  }
}

/** What runs one service: the same command line, environment and folder start it again by themselves. */
export function serviceProcess(service: {
  name: string
  recordName: string
  environment: Environment
  sink?: Sink
}): ProcessSpec {
  const url = urlOf(Number(service.environment.PORT))
  return {
    name: service.recordName,
    command: 'node',
    args: ['src/main.ts'],
    cwd: join(repository, 'apps', service.name),
    env: service.environment,
    url,
    ready: { http: `${url}/readyz` },
    readyWithinMs: 60_000,
    ...(service.sink ? { sink: service.sink } : {}),
  }
}

async function startService(
  { group, sink }: StartServicesOptions,
  service: { name: string; recordName: string; environment: Environment },
): Promise<RunningService> {
  const spec = serviceProcess({ ...service, ...(sink ? { sink } : {}) })
  let current: RunningProcess = await group.start(spec)
  return {
    name: service.name,
    url: spec.url ?? '',
    environment: service.environment,
    pid: () => current.pid,
    exited: () => current.exited,
    async kill(signal) {
      current.kill(signal)
      if (signal === 'SIGKILL' || signal === 'SIGTERM') await current.exited
    },
    async restart() {
      await current[Symbol.asyncDispose]()
      current = await group.start(spec)
    },
    [Symbol.asyncDispose]: () => current[Symbol.asyncDispose](),
  }
}

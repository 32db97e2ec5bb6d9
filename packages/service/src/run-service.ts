import type { z } from 'zod'
import { ConfigError, readConfig, type TracingConfig } from './config.ts'
import { createLogger, type Logger } from './logger.ts'

const stopWithinMs = 10_000
/** What keeps the process up after everything was closed is idle by then. */
const leaveWithinMs = 500

export interface RunningService extends AsyncDisposable {
  readonly url: string
}

/**
 * The life of one process: read the environment, start, say where it listens, wait for SIGINT or SIGTERM,
 * dispose, exit 0. A wrong setting ends it with one line and code 78, a failed start with code 1; a stop
 * that takes longer than 10 s is forced, says so, and ends with code 1. `stopping` is aborted at the signal, so that
 * what takes time to end begins to at once.
 */
export async function runService<Schema extends z.ZodType<{ LOG_LEVEL: string } & TracingConfig>>(options: {
  name: string
  config: Schema
  start: (config: z.infer<Schema>, log: Logger, stopping: AbortSignal) => Promise<RunningService>
}): Promise<void> {
  const stopping = new AbortController()
  let log: Logger | undefined
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  })
  void stopped.then(() => {
    stopping.abort()
    setTimeout(() => {
      log?.error({ withinMs: stopWithinMs }, 'could not stop in time, ending all the same')
      process.exit(1)
    }, stopWithinMs).unref()
  })
  try {
    // biome-ignore lint/style/noProcessEnv: the one place where a service's environment is handed to its config schema
    const config = readConfig(options.config, process.env)
    log = createLogger(options.name, config.LOG_LEVEL)
    await using _tracing = await startTracing(options.name, config)
    await live(await options.start(config, log, stopping.signal), stopped, log)
  } catch (error) {
    if (stopping.signal.aborted) return leave()
    if (error instanceof ConfigError) {
      process.stderr.write(`${options.name}: ${error.message}\n`)
      process.exitCode = 78
    } else {
      createLogger(options.name, 'error').fatal({ err: error }, 'could not start')
      process.exitCode = 1
    }
  }
}

/** Nothing of OpenTelemetry but its small API is loaded where no collector is configured. */
async function startTracing(service: string, config: TracingConfig): Promise<AsyncDisposable | null> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: given = '' } = config
  if (endpoint === undefined) return null
  const { openTracing } = await import('./tracing-sdk.ts')
  const pairs = given === '' ? [] : given.split(',').map((pair) => pair.split(/=(.*)/s))
  const headers = Object.fromEntries(
    pairs.map(([name = '', value = '']) => [name.trim(), decodeURIComponent(value.trim())]),
  )
  return openTracing({ service, endpoint, headers, share: config.OTEL_TRACES_SAMPLER_ARG ?? 1 })
}

async function live(started: RunningService, stopped: Promise<string>, log: Logger): Promise<void> {
  let stoppingAt = 0
  {
    await using service = started
    log.info({ url: service.url, pid: process.pid }, 'listening')
    const signal = await stopped
    stoppingAt = performance.now()
    log.info({ signal }, 'stopping')
  }
  log.info({ tookMs: Math.round(performance.now() - stoppingAt) }, 'stopped')
  leave()
}

/** Everything is closed: a socket or a timer that is forgotten somewhere does not keep the process up. */
function leave(): void {
  setTimeout(() => process.exit(), leaveWithinMs).unref()
}

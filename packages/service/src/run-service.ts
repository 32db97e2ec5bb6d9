import type { z } from 'zod'
import { ConfigError, readConfig } from './config.ts'
import { createLogger, type Logger } from './logger.ts'

const stopWithinMs = 10_000

export interface RunningService extends AsyncDisposable {
  readonly url: string
}

/**
 * The life of one process: read the environment, start, say where it listens, wait for SIGINT or SIGTERM,
 * dispose, exit 0. A wrong setting ends it with one line and code 78, a failed start with code 1; a stop
 * that takes longer than 10 s is forced.
 */
export async function runService<Schema extends z.ZodType<{ LOG_LEVEL: string }>>(options: {
  name: string
  config: Schema
  start: (config: z.infer<Schema>, log: Logger, stopping: AbortSignal) => Promise<RunningService>
}): Promise<void> {
  const stopping = new AbortController()
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  })
  void stopped.then(() => {
    stopping.abort()
    setTimeout(() => process.exit(1), stopWithinMs).unref()
  })
  try {
    // biome-ignore lint/style/noProcessEnv: the one place where a service's environment is handed to its config schema
    const config = readConfig(options.config, process.env)
    const log = createLogger(options.name, config.LOG_LEVEL)
    await using service = await options.start(config, log, stopping.signal)
    log.info({ url: service.url, pid: process.pid }, 'listening')
    const signal = await stopped
    log.info({ signal }, 'stopping')
  } catch (error) {
    if (stopping.signal.aborted) return
    if (error instanceof ConfigError) {
      process.stderr.write(`${options.name}: ${error.message}\n`)
      process.exitCode = 78
    } else {
      createLogger(options.name, 'error').fatal({ err: error }, 'could not start')
      process.exitCode = 1
    }
  }
}

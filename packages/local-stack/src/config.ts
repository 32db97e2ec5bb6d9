import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { repository } from './paths.ts'

const optional = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .optional()

const Environment = z.object({
  MONGODB_URL: optional,
  NATS_URL: optional,
  NATS_SERVER_BINARY: optional,
  HEED_WATCH: optional,
  OTEL_EXPORTER_OTLP_ENDPOINT: optional,
  OTEL_EXPORTER_OTLP_HEADERS: optional,
  OTEL_TRACES_SAMPLER_ARG: optional,
  XDG_CACHE_HOME: optional,
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  HOME: z.string().default(() => homedir()),
})

export interface StackConfig {
  mongodbUrl: string | undefined
  natsUrl: string | undefined
  /** A relative path counts from the top of the checkout. */
  natsBinary: string | undefined
  isWatching: boolean
  /** Where downloads are kept from one run to the next. */
  cacheFolder: string
  /** What every child process gets: it finds this very Node first, and the collector of traces where there is one. */
  childBase: { PATH: string; HOME: string; [setting: `OTEL_${string}`]: string }
}

/** The settings that a developer may give by environment variables; empty counts as not given. */
export function stackConfig(environment: Record<string, string | undefined> = process.env): StackConfig {
  const given = Environment.parse(environment)
  return {
    mongodbUrl: given.MONGODB_URL,
    natsUrl: given.NATS_URL,
    natsBinary: given.NATS_SERVER_BINARY && resolve(repository, given.NATS_SERVER_BINARY),
    isWatching: given.HEED_WATCH !== undefined && given.HEED_WATCH !== '0',
    cacheFolder: join(given.XDG_CACHE_HOME ?? join(given.HOME, '.cache'), 'heed'),
    childBase: { PATH: `${dirname(process.execPath)}:${given.PATH}`, HOME: given.HOME, ...tracing(given) },
  }
}

function tracing(given: z.infer<typeof Environment>): Record<`OTEL_${string}`, string> {
  const names = [
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'OTEL_TRACES_SAMPLER_ARG',
  ] as const
  return Object.fromEntries(
    names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const])),
  )
}

import { z } from 'zod'

/** What every service reads from its environment besides its own settings. */
export const commonConfig = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Where an OpenTelemetry collector takes traces by HTTP; without it there are none. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** What the collector wants to see: `name=value`, several separated by commas. */
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(/^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$/)
    .optional(),
  /** The share of the traces that begin here that is told; all where not given. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).optional(),
})

export type TracingConfig = Pick<
  z.infer<typeof commonConfig>,
  'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_HEADERS' | 'OTEL_TRACES_SAMPLER_ARG'
>

export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Reads settings from an environment, or throws one ConfigError that names each wrong or missing one. */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const wrong = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'environment'}: ${message}`,
  )
  throw new ConfigError(`wrong or missing settings: ${wrong.join('; ')}`)
}

/** A string setting that holds JSON, parsed and then checked by its own schema. */
export function jsonSetting<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'is no JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

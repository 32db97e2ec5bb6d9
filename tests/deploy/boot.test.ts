import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository, startProcess } from '@heed/local-stack'
import { checkNothingOpen, freePort, ownMongo, startScriptedServer, testLog, waitFor } from '@heed/testkit'
import { expect, inject, test } from 'vitest'
import { prepareStreams } from '../../deploy/prepare.ts'
import { composeFile, container, environmentOf, filledEnvironment, read } from './compose-file.ts'
import { startDeployedNats } from './nats-server.ts'

checkNothingOpen()

const services = Object.keys(composeFile.services).filter((name) => container(name).ports.length > 0)

/** All that the services work off; a new one needs its lines in deploy/nats.conf. */
const consumers = [
  'CAMPAIGN_WORK/campaign_work',
  'CONSENT/campaign_consent',
  'CONSENT/messages_consent',
  'CONSENT/sequence_consent',
  'DELIVERY/campaign_delivery',
  'DELIVERY/messages_delivery',
  'DELIVERY/sequence_delivery',
  'DELIVERY/sequence_receipts',
  'MESSAGES_WORK/messages_work',
  'SEQUENCE_WORK/sequence_work',
]

test('every service gets ready on its environment from docker-compose.yml, and NATS refuses none anything', async () => {
  const given = await filledEnvironment()
  await using opened = new AsyncDisposableStack()
  const data = mkdtempSync(join(tmpdir(), 'heed-deploy-'))
  opened.defer(() => rmSync(data, { recursive: true, force: true }))
  const nats = opened.use(await startDeployedNats(given))
  await prepareStreams(nats.urlAs('prepare'), testLog(), AbortSignal.timeout(10_000))
  const mongo = opened.use(await ownMongo())
  const carrier = opened.use(await startScriptedServer())
  const ports = new Map<string, number>()
  for (const name of services) ports.set(name, await freePort())
  const urlOf = (name: string) => `http://127.0.0.1:${ports.get(name)}`

  const starting = services.map(async (name) => {
    const environment = environmentOf(name, given)
    const folder = inject('processFolder')
    opened.use(
      await startProcess(
        {
          name: `deploy-${name}-${ports.get(name)}`,
          command: process.execPath,
          args: container(name).command.slice(1),
          cwd: repository,
          // What differs is where the others are: here is no network of containers with names.
          env: {
            ...imageEnvironment,
            ...environment,
            HOST: '127.0.0.1',
            PORT: String(ports.get(name)),
            MONGODB_URL: mongo.url,
            NATS_URL: (environment.NATS_URL ?? '').replace('@nats:4222', `@127.0.0.1:${nats.port}`),
            TWILIO_BASE_URL: carrier.url,
            ...(environment.COMPLIANCE_URL ? { COMPLIANCE_URL: urlOf('compliance') } : {}),
            ...(environment.CONTACTS_URL ? { CONTACTS_URL: urlOf('contacts') } : {}),
            ...(environment.DATA_DIR ? { DATA_DIR: join(data, name) } : {}),
          },
          url: urlOf(name),
          ready: { http: `${urlOf(name)}/readyz` },
          readyWithinMs: 60_000,
        },
        folder,
      ),
    )
  })
  const failed = (await Promise.allSettled(starting)).find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  for (const name of services) {
    expect(await healthOf(name, ports.get(name)), name).toBe(0)
    expect(await healthOf(name, await freePort()), name).toBe(1)
  }
  await waitFor(async () => (await nats.consumers()).length >= consumers.length, { timeoutMs: 30_000 }).catch(
    () => {},
  )
  expect(nats.lines.filter((line) => /violation/i.test(line))).toEqual([])
  expect(await nats.consumers()).toEqual(consumers)
}, 120_000)

/** How the health check of a container ends: 0 is healthy. */
async function healthOf(name: string, port: number | undefined): Promise<number | null> {
  const [, , ...args] = container(name).healthcheck?.test ?? []
  const check = spawn(process.execPath, args, { env: { PORT: String(port) }, stdio: 'ignore' })
  const [code] = await once(check, 'exit')
  return code
}

/** What the image sets for every service. */
const imageEnvironment = Object.fromEntries(
  [...read('Dockerfile').matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) =>
    line.split(' ').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  ),
)

import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOrStartNats, freePort, repository, stackConfig, startProcess } from '@heed/local-stack'
import { inject } from 'vitest'
import { z } from 'zod'
import { environmentOf, read } from './compose-file.ts'

export interface DeployedNats extends AsyncDisposable {
  readonly port: number
  /** The server's own words. */
  readonly lines: readonly string[]
  readonly users: readonly string[]
  urlAs(user: string): string
  /** `stream/consumer` of each that is there. */
  consumers(): Promise<string[]>
}

/** A real server on deploy/nats.conf and the environment that docker-compose.yml gives it. */
export async function startDeployedNats(
  given: Readonly<Record<string, string | undefined>>,
): Promise<DeployedNats> {
  const folder = inject('processFolder')
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-deploy-'))
  const [port, monitorPort] = [await freePort(), await freePort()]
  const environment = {
    ...environmentOf('nats', given),
    NATS_STORE_DIR: JSON.stringify(join(dataDir, 'store')),
  }
  const lines: string[] = []
  const { process } = await findOrStartNats({
    config: { ...stackConfig(), natsUrl: undefined },
    dataDir,
    group: {
      folder,
      start: (spec) =>
        startProcess(
          {
            ...spec,
            name: `nats-deploy-${port}`,
            args: ['-c', settingsFor(spec.command, dataDir), ...at(port, monitorPort)],
            env: { ...spec.env, ...environment },
            sink: (line) => lines.push(line),
          },
          folder,
        ),
      async [Symbol.asyncDispose]() {},
    },
  })
  return {
    port,
    lines,
    users: [...read('deploy/nats.conf').matchAll(/^ +user: (\S+)$/gm)].map(([, user = '']) => user),
    urlAs: (user) => `nats://${user}:${passwordOf(user, given)}@127.0.0.1:${port}`,
    consumers: async () => {
      const { account_details = [] } = Jsz.parse(
        await (await fetch(`http://127.0.0.1:${monitorPort}/jsz?consumers=true`)).json(),
      )
      const details = account_details
        .flatMap(({ stream_detail = [] }) => stream_detail)
        .flatMap(({ consumer_detail = [] }) => consumer_detail)
      return details.map(({ stream_name, name }) => `${stream_name}/${name}`).sort()
    },
    async [Symbol.asyncDispose]() {
      await process?.[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const Consumer = z.object({ stream_name: z.string(), name: z.string() })
const Stream = z.object({ consumer_detail: z.array(Consumer).optional() })
const Account = z.object({ stream_detail: z.array(Stream).optional() })
const Jsz = z.object({ account_details: z.array(Account).optional() })

const at = (port: number, monitorPort: number) => [
  ...['--addr', '127.0.0.1', '--port', String(port)],
  ...['--http_port', String(monitorPort)],
]

/** The file itself, except that servers before 2.10 (Debian 12 has 2.9) do not know one of its settings. */
function settingsFor(command: string, dataDir: string): string {
  const file = join(repository, 'deploy/nats.conf')
  const version = execFileSync(command, ['--version'], { encoding: 'utf8' })
  const [, major = 0, minor = 0] = /v(\d+)\.(\d+)/.exec(version)?.map(Number) ?? []
  if (major > 2 || minor >= 10) return file
  const older = join(dataDir, 'nats.conf')
  writeFileSync(older, read('deploy/nats.conf').replace(/^ *sync_interval:.*\n/m, ''))
  return older
}

function passwordOf(user: string, given: Readonly<Record<string, string | undefined>>): string {
  const { password } = new URL(environmentOf(user, given).NATS_URL ?? '')
  return password
}

/** Says one thing to the server in its own protocol and returns what it complains of, or null. */
export async function refusalOf(url: string, statement: string): Promise<string | null> {
  const { hostname, port, username, password } = new URL(url)
  const socket = connect(Number(port), hostname)
  const credentials = username === '' ? {} : { user: username, pass: password }
  const options = { verbose: false, pedantic: false, lang: 'test', version: '1', ...credentials }
  let heard = ''
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      heard += chunk.toString()
      if (/^(PONG|-ERR 'Auth)/m.test(heard)) resolve()
    })
    socket.on('close', () => resolve())
    socket.on('error', () => resolve())
  })
  socket.write(`CONNECT ${JSON.stringify(options)}\r\n${statement}PING\r\n`)
  await answered
  const closed = once(socket, 'close')
  if (!socket.destroyed) {
    socket.destroy()
    await closed
  }
  return /-ERR '(.*?)'\r/.exec(heard)?.[1] ?? null
}

export const publication = (subject: string): string => `PUB ${subject} 0\r\n\r\n`
export const subscription = (subject: string): string => `SUB ${subject} 1\r\n`

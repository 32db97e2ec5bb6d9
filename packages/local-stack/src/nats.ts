import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FoundServer, ServerOptions } from './mongo.ts'
import { natsFromPackage } from './nats-package.ts'
import { onPath } from './paths.ts'
import { freePort } from './ports.ts'

/** No NATS server is at hand and none can be had by itself; the message says how to get one. */
export class NatsMissingError extends Error {
  override name = 'NatsMissingError'
}

/**
 * `NATS_URL` where given; else the program in `NATS_SERVER_BINARY`; else `nats-server` from the PATH; else,
 * on Debian and Ubuntu, the distribution's package in a cache folder. What is started has JetStream on, a
 * store of its own and a free port of 127.0.0.1.
 */
export async function findOrStartNats(
  options: ServerOptions & { say?: (line: string) => void },
): Promise<FoundServer> {
  const { config, group, dataDir, sink } = options
  if (config.natsUrl) return { name: 'nats', url: config.natsUrl, process: null }
  const command = await findProgram(options)
  const port = await freePort()
  const url = `nats://127.0.0.1:${port}`
  const started = await group.start({
    name: 'nats-server',
    command,
    args: ['-c', writeSettings(dataDir, port)],
    cwd: dataDir,
    env: config.childBase,
    url,
    ready: { line: /Server is ready/ },
    endsLast: true,
    ...(sink ? { sink } : {}),
  })
  return { name: 'nats-server', url, process: started }
}

async function findProgram({ config, say = () => {} }: ServerOptions & { say?: (line: string) => void }) {
  if (config.natsBinary) return config.natsBinary
  const found =
    onPath('nats-server', config.childBase.PATH) ?? (await natsFromPackage(config, say).catch(missing))
  return found ?? missing()
}

/** The limits are ours, so that a small disk does not refuse the streams' own. */
function writeSettings(dataDir: string, port: number): string {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'nats-server.conf')
  const store = JSON.stringify(join(dataDir, 'jetstream'))
  const jetstream = `jetstream { store_dir: ${store}, max_file_store: 16GB, max_memory_store: 256MB }`
  writeFileSync(path, `listen: "127.0.0.1:${port}"\nserver_name: heed-local\n${jetstream}\n`)
  return path
}

function missing(cause?: unknown): never {
  const lines = [
    'NATS is needed and no nats-server was found. Any one of these will do:',
    '  macOS:            brew install nats-server',
    '  Debian, Ubuntu:   sudo apt-get install nats-server',
    '  a download:       https://github.com/nats-io/nats-server/releases, then NATS_SERVER_BINARY=/path/to/nats-server',
    '  a container:      docker run -p 4222:4222 nats -js, then NATS_URL=nats://127.0.0.1:4222',
  ]
  throw new NatsMissingError(lines.join('\n'), { cause })
}

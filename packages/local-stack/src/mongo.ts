import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { connectMongo } from '@heed/mongo'
import type { StackConfig } from './config.ts'
import { onPath, repository } from './paths.ts'
import { freePort } from './ports.ts'
import type { ProcessGroup } from './process-group.ts'
import type { RunningProcess, Sink } from './start-process.ts'

/** A server that services may use: given by URL, or started here. */
export interface FoundServer {
  name: string
  url: string
  /** Null where the URL was given: then it is not ours to end. */
  process: RunningProcess | null
}

export interface ServerOptions {
  config: StackConfig
  group: ProcessGroup
  /** A folder of the server's own, kept or removed by the caller. */
  dataDir: string
  sink?: Sink
}

/** `MONGODB_URL` where given; else `mongod` from the PATH, as a replica set of one; else the embedded database. */
export async function findOrStartMongo(options: ServerOptions): Promise<FoundServer> {
  const { config } = options
  if (config.mongodbUrl) return { name: 'mongodb', url: config.mongodbUrl, process: null }
  const mongod = onPath('mongod', config.childBase.PATH)
  return mongod ? startMongod(options) : startEmbedded(options)
}

async function startEmbedded({ config, group, dataDir, sink }: ServerOptions): Promise<FoundServer> {
  const port = await freePort()
  const started = await group.start({
    name: 'embedded-mongo',
    command: 'node',
    args: ['src/main.ts', '--port', String(port), '--data-dir', dataDir],
    cwd: join(repository, 'packages/embedded-mongo'),
    env: config.childBase,
    url: `mongodb://127.0.0.1:${port}`,
    ready: { line: /mongodb:\/\/\S+/ },
    endsLast: true,
    ...(sink ? { sink } : {}),
  })
  const url = (started.readyMatch?.[0] ?? `mongodb://127.0.0.1:${port}`).replace(/["',]+$/, '')
  return { name: 'embedded-mongo', url, process: started }
}

const setName = 'heed'

async function startMongod({ config, group, dataDir, sink }: ServerOptions): Promise<FoundServer> {
  mkdirSync(dataDir, { recursive: true })
  const port = await freePort()
  const host = `127.0.0.1:${port}`
  const started = await group.start({
    name: 'mongod',
    command: 'mongod',
    args: ['--replSet', setName, '--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', dataDir],
    cwd: dataDir,
    env: config.childBase,
    url: `mongodb://${host}`,
    ready: { line: /Waiting for connections/i },
    readyWithinMs: 60_000,
    endsLast: true,
    ...(sink ? { sink } : {}),
  })
  await initiate(host)
  return { name: 'mongod', url: `mongodb://${host}/?replicaSet=${setName}`, process: started }
}

const notYetInitialized = 94

/** Makes the member a set of one, or tells a set kept from an earlier run its new port. */
async function initiate(host: string): Promise<void> {
  const members = [{ _id: 0, host }]
  const url = `mongodb://${host}/?directConnection=true`
  await using connection = await connectMongo({ url, appName: 'heed-local-stack', purpose: 'ordinary' })
  const admin = connection.client.db('admin')
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 })
    if (config.members[0]?.host === host) return
    const moved = { ...config, version: config.version + 1, members }
    await admin.command({ replSetReconfig: moved, force: true })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === notYetInitialized)) throw error
    await admin.command({ replSetInitiate: { _id: setName, members } })
  }
}

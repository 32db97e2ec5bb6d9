import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type FoundServer,
  findOrStartMongo,
  findOrStartNats,
  type ProcessGroup,
  stackConfig,
  startProcess,
} from '@heed/local-stack'
import { inject } from 'vitest'
import { needed } from './needed.ts'

/** A server of the test's own, to be killed and started again. */
export interface OwnServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Where it keeps its data: while it is not running, a copy of it is a backup. */
  readonly dataDir: string
  /** With SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>
  /** Kills it and removes all it had stored. */
  loseData(): Promise<void>
}

/** A NATS server of the test's own. Not the one of NATS_URL: that is not ours to kill. */
export async function ownNats(): Promise<OwnServer> {
  return ownServer((group, dataDir) =>
    findOrStartNats({ config: { ...stackConfig(), natsUrl: undefined }, group, dataDir }),
  )
}

/** An embedded database or mongod of the test's own. Not the one of MONGODB_URL. */
export async function ownMongo(): Promise<OwnServer> {
  return ownServer((group, dataDir) =>
    findOrStartMongo({ config: { ...stackConfig(), mongodbUrl: undefined }, group, dataDir }),
  )
}

async function ownServer(
  find: (group: ProcessGroup, dataDir: string) => Promise<FoundServer>,
): Promise<OwnServer> {
  const folder = needed('processFolder', inject('processFolder'))
  const dataDir = mkdtempSync(join(tmpdir(), 'heed-own-'))
  const suffix = randomBytes(4).toString('hex')
  const group: ProcessGroup = {
    folder,
    start: (spec) => startProcess({ ...spec, name: `${spec.name}-${suffix}` }, folder),
    async [Symbol.asyncDispose]() {},
  }
  const { url, process: first } = await find(group, dataDir)
  if (!first) throw new Error('a server of our own cannot be given by URL')
  let current = first
  const kill = async () => {
    current.kill('SIGKILL')
    await current.exited
  }
  return {
    url,
    port: Number(new URL(url).port),
    dataDir,
    kill,
    async start() {
      current = await startProcess(first.spec, folder)
    },
    async loseData() {
      await kill()
      for (const part of ['jetstream']) rmSync(join(dataDir, part), { recursive: true, force: true })
    },
    async [Symbol.asyncDispose]() {
      await current[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

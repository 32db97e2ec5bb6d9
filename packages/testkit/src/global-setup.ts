import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  findOrStartMongo,
  findOrStartNats,
  identify,
  openProcessGroup,
  repository,
  stackConfig,
} from '@heed/local-stack'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    mongodbUrl: string
    natsUrl: string
    /** Where processes are recorded that must end with this run. */
    processFolder: string
  }
}

const say = (line: string) => void process.stderr.write(`${line}\n`)

/**
 * One database server and one NATS server for the whole run: given by MONGODB_URL and NATS_URL, else started
 * here and ended with it. A run of pure files alone starts nothing.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!(await needsServers(project))) return undefined
  await using opening = new AsyncDisposableStack()
  const config = stackConfig()
  const dataDir = newDataFolder()
  const group = opening.use(
    await openProcessGroup(join(repository, '.heed/test-processes', String(process.pid))),
  )
  const [mongo, nats] = await Promise.all([
    findOrStartMongo({ config, group, dataDir: join(dataDir, 'mongo') }).catch((cause: unknown) => {
      const advice = 'npm start -w @heed/embedded-mongo -- --port 27027 --data-dir .heed/mongo'
      throw new Error(
        `no database for the tests; start one and give its URL as MONGODB_URL, for instance: ${advice}`,
        { cause },
      )
    }),
    findOrStartNats({ config, group, dataDir: join(dataDir, 'nats'), say }),
  ])
  project.provide('mongodbUrl', mongo.url)
  project.provide('natsUrl', nats.url)
  project.provide('processFolder', group.folder)
  const running = opening.move()
  return async () => {
    await running.disposeAsync()
    const isKept = mongo.process !== null && project.vitest.state.getCountOfFailedTests() > 0
    rmSync(isKept ? join(dataDir, 'nats') : dataDir, { recursive: true, force: true })
    if (isKept) say(`the databases of failed files are kept until the next run in ${dataDir}/mongo`)
  }
}

/** Empty, named by this process; those of earlier runs are removed. */
function newDataFolder(): string {
  const all = join(repository, '.heed/test-data')
  mkdirSync(all, { recursive: true })
  for (const name of readdirSync(all)) {
    if (identify(Number(name)) === null) rmSync(join(all, name), { recursive: true, force: true })
  }
  return join(all, String(process.pid))
}

/** A file beside the code it tests, without the kit, touches no server. */
async function needsServers(project: TestProject): Promise<boolean> {
  const { vitest } = project
  // Not in the types; without it the files of the whole project are looked at, which only starts more.
  const { filenamePattern } = vitest as { filenamePattern?: string[] }
  const files = await vitest.getRelevantTestSpecifications(filenamePattern)
  return files.some(({ moduleId }) => {
    const isBesideCode = /\/src\//.test(moduleId)
    return !isBesideCode || /@heed\/testkit/.test(readFileSync(moduleId, 'utf8'))
  })
}

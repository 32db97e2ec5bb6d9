import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  findOrStartMongo,
  findOrStartNats,
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

/**
 * One database server and one NATS server for the whole run: given by MONGODB_URL and NATS_URL, else started
 * here and ended with it. A run of pure files alone starts nothing.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!(await needsServers(project))) return undefined
  await using opening = new AsyncDisposableStack()
  const config = stackConfig()
  const folder = join(repository, '.heed/tests', String(process.pid))
  const group = opening.use(await openProcessGroup(folder))
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const [mongo, nats] = await Promise.all([
    findOrStartMongo({ config, group, dataDir: join(folder, 'mongo') }).catch((cause: unknown) => {
      const advice = 'npm start -w @heed/embedded-mongo -- --port 27027 --data-dir .heed/mongo'
      throw new Error(
        `no database for the tests; start one and give its URL as MONGODB_URL, for instance: ${advice}`,
        { cause },
      )
    }),
    findOrStartNats({ config, group, dataDir: join(folder, 'nats'), say }),
  ])
  project.provide('mongodbUrl', mongo.url)
  project.provide('natsUrl', nats.url)
  project.provide('processFolder', group.folder)
  const running = opening.move()
  return () => running.disposeAsync()
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

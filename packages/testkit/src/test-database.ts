import { randomBytes } from 'node:crypto'
import { connectMongo, type Db, databaseName, type MongoClient, type MongoConnection } from '@heed/mongo'
import { inject } from 'vitest'
import { removeAtFileEnd } from './at-file-end.ts'
import { needed } from './needed.ts'

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  readonly name: string
  /** What stands in the name behind the app; a service given it as DATABASE_ID uses this database. */
  readonly databaseId: string
  readonly db: Db
  readonly client: MongoClient
  readonly connection: MongoConnection
}

/**
 * A database of its own on the run's server. When the file has ended it is dropped; where a test of the file
 * failed it is kept and its name printed.
 */
export async function testDatabase(
  app: string,
  purpose: 'safety' | 'ordinary' = 'ordinary',
): Promise<TestDatabase> {
  const url = needed('mongodbUrl', inject('mongodbUrl'))
  const databaseId = randomBytes(6).toString('hex')
  const name = databaseName(app, databaseId)
  const open = () => connectMongo({ url, appName: 'heed-test', purpose, signal: AbortSignal.timeout(10_000) })
  const connection = await open()
  removeAtFileEnd({
    name: `database ${name}`,
    remove: async () => {
      await using again = await open()
      await again.db(name).dropDatabase()
    },
  })
  return {
    url,
    name,
    databaseId,
    connection,
    client: connection.client,
    db: connection.db(name),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  }
}

import { connectMongo, databaseName } from '@heed/mongo'

/** Drops the databases of one life of the system; those without an id are never touched. */
export async function dropDatabases(options: {
  mongodbUrl: string
  names: readonly string[]
  databaseId: string
}): Promise<void> {
  if (options.databaseId === '') throw new RangeError('only databases with an id are dropped')
  await using connection = await connectMongo({
    url: options.mongodbUrl,
    appName: 'heed-local-stack',
    purpose: 'ordinary',
    signal: AbortSignal.timeout(10_000),
  })
  for (const name of options.names) {
    await connection.db(databaseName(name, options.databaseId)).dropDatabase()
  }
}

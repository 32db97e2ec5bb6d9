import type { ClientSession, MongoClient } from 'mongodb'

/**
 * A fresh causally consistent session for the length of `use`: its first read carries no afterClusterTime (so
 * it may be linearizable), each later one is no older than what the session has seen. The session's calls
 * must be awaited one after another.
 */
export async function withSession<T>(
  client: MongoClient,
  use: (session: ClientSession) => Promise<T>,
): Promise<T> {
  await using session = client.startSession({ causalConsistency: true })
  return await use(session)
}

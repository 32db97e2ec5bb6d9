export type {
  AnyBulkWriteOperation,
  ClientSession,
  Collection,
  Db,
  Document,
  Filter,
  FindOptions,
  IndexDescription,
  OptionalUnlessRequiredId,
  UpdateFilter,
  WithId,
} from 'mongodb'
export {
  Binary,
  Int32,
  Long,
  MongoBulkWriteError,
  MongoClient,
  MongoNetworkError,
  MongoServerError,
  MongoWriteConcernError,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb'
export {
  linearizableRead,
  majorityRead,
  majorityWrite,
  ordinaryMaxTimeMs,
  safetyMajorityWrite,
  safetyMaxTimeMs,
  snapshotRead,
} from './concerns.ts'
export {
  connectMongo,
  type MongoConnection,
  type MongoConnectionOptions,
  MongoUrlError,
} from './connect-mongo.ts'
export { databaseName } from './database-name.ts'
export { ensureIndexes, IndexConflictError } from './ensure-indexes.ts'
export { isDuplicateKey, isUnknownOutcome } from './errors.ts'
export { withSession } from './with-session.ts'

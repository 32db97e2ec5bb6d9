import { adminCommands } from './admin.ts'
import { aggregate } from './aggregate.ts'
import { bulkWrite } from './bulk-write.ts'
import { collMod } from './coll-mod.ts'
import {
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
  renameCollection,
} from './collections.ts'
import { count, distinct } from './count.ts'
import { remove } from './delete.ts'
import { explain } from './explain.ts'
import { find, getMore, killCursors } from './find.ts'
import { findAndModify } from './find-and-modify.ts'
import { createIndexes, dropIndexes, listIndexes } from './indexes.ts'
import { insert } from './insert.ts'
import type { Command } from './request.ts'
import { collStats, dbStats, validate } from './stats.ts'
import { update } from './update.ts'

/** Every command there is; any other name is answered with CommandNotFound. */
export const commands: Record<string, Command> = {
  ...adminCommands,
  find,
  getMore,
  killCursors,
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
  aggregate,
  bulkWrite,
  explain,
  collStats,
  dbStats,
  dbstats: dbStats,
  validate,
  count,
  distinct,
  createIndexes,
  listIndexes,
  dropIndexes,
  create,
  drop,
  dropDatabase,
  renameCollection,
  listCollections,
  listDatabases,
  collMod,
}

import { MongoBulkWriteError, MongoWriteConcernError } from '@heed/mongo'
import type { Connection, Session } from './client.ts'
import { compare, type Doc, NotModelledError, valueAt } from './documents.ts'
import { type Filter, idsOf } from './matcher.ts'
import { everything } from './node.ts'
import { type Command, type Reply, serverError } from './server.ts'
import { type Update, updated } from './update.ts'
import {
  duplicateKey,
  insertStep,
  nothingWritten,
  put,
  removeStep,
  updateStep,
  type Written,
} from './write-steps.ts'

interface Options {
  readonly session?: Session
  readonly readConcern?: { readonly level: 'local' | 'majority' | 'linearizable' }
  readonly writeConcern?: { readonly w?: 1 | 'majority'; readonly wtimeoutMS?: number }
  readonly maxTimeMS?: number
  readonly sort?: Readonly<Record<string, 1 | -1>>
  readonly limit?: number
  readonly projection?: Doc
  readonly upsert?: boolean
  readonly ordered?: boolean
  readonly returnDocument?: 'after'
  readonly batchSize?: number
  readonly hint?: unknown
}

interface UpdateModel {
  readonly updateOne: { filter: Filter; update: Update; upsert?: boolean }
}

/** As much of the driver's Collection as the stores use; anything else is no function. */
export function collectionOf(connection: Connection, collection: string) {
  const { defaults, random } = connection
  const place = { collection, random, index: 0 }
  const reading = (options: Options, filter: Filter, look: Command['look']): Promise<Reply> =>
    connection.command(
      {
        collection,
        ids: idsOf(filter),
        name: 'find',
        read: options.readConcern?.level ?? 'majority',
        after: 0,
        maxTimeMS: options.maxTimeMS ?? defaults.socketMs,
        ...(look ? { look } : {}),
      },
      options.session,
    )

  const writing = async (
    name: Command['name'],
    options: Options,
    make: (written: Written) => NonNullable<Command['steps']>,
    isBulk = false,
  ): Promise<Written> => {
    const written = nothingWritten()
    const write = {
      w: options.writeConcern?.w ?? 'majority',
      wtimeoutMS: options.writeConcern?.wtimeoutMS ?? defaults.wtimeoutMS,
    }
    const command: Command = {
      collection,
      name,
      write,
      after: 0,
      maxTimeMS: defaults.socketMs,
      steps: make(written),
    }
    const { isUnconfirmed } = await connection.command(command, options.session)
    if (isBulk) throwBulk(written, isUnconfirmed === true)
    else if (written.refused.length > 0) throw serverError(duplicateKey, 'E11000 duplicate key')
    else if (isUnconfirmed) {
      throw new MongoWriteConcernError({
        ok: 1,
        writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' },
      })
    }
    return written
  }

  const find = (filter: Filter, given: Options = {}) => {
    let options = given
    const cursor = {
      sort(sort: NonNullable<Options['sort']>) {
        options = { ...options, sort }
        return cursor
      },
      limit(limit: number) {
        options = { ...options, limit }
        return cursor
      },
      async toArray() {
        return (
          await reading(options, filter, (member, upTo) =>
            select(member.find(collection, filter, upTo), options),
          )
        ).value as Doc[]
      },
      async *[Symbol.asyncIterator]() {
        yield* await cursor.toArray()
      },
    }
    return cursor
  }
  const updateMany = (filter: Filter, update: Update, options: Options = {}) =>
    writing('update', options, (written) => [
      (primary) => {
        const found = primary.member.find(collection, filter, everything)
        for (const doc of found)
          put(primary, collection, updated(doc, update, { now: primary.now, isInsert: false }), written)
        written.matchedCount = written.modifiedCount = found.length
      },
    ])

  return {
    namespace: collection,
    find,
    async findOne(filter: Filter, options: Options = {}) {
      return (await find(filter, { ...options, limit: 1 }).toArray())[0] ?? null
    },
    async distinct(field: string, filter: Filter, options: Options = {}) {
      return [...new Set((await find(filter, options).toArray()).map((doc) => valueAt(doc, field)))]
    },
    updateMany,
    updateOne: (filter: Filter, update: Update, { upsert = false, ...options }: Options = {}) =>
      writing('update', options, (written) => [updateStep({ ...place, filter, update, upsert }, written)]),
    async findOneAndUpdate(filter: Filter, update: Update, { upsert = false, ...options }: Options = {}) {
      if (options.returnDocument !== 'after') throw new NotModelledError('the document before')
      const one = { ...place, filter, update, upsert }
      return (await writing('findAndModify', options, (written) => [updateStep(one, written)])).last
    },
    insertOne: (doc: Doc, options: Options = {}) =>
      writing('insert', options, (written) => [insertStep(collection, doc, 0, written)]),
    insertMany(docs: readonly Doc[], options: Options = {}) {
      if (options.ordered !== false) throw new NotModelledError('an ordered insertMany')
      const steps = (written: Written) =>
        docs.map((doc, index) => insertStep(collection, doc, index, written))
      return writing('insert', options, steps, true)
    },
    bulkWrite(models: readonly UpdateModel[], options: Options = {}) {
      const steps = (written: Written) =>
        models.map(({ updateOne, ...others }, index) => {
          if (!updateOne || Object.keys(others).length > 0)
            throw new NotModelledError('a bulkWrite of other than updateOne')
          const { filter, update, upsert = false } = updateOne
          return updateStep({ ...place, filter, update, upsert, index }, written)
        })
      return writing('bulkWrite', options, steps, true)
    },
    deleteOne: (filter: Filter, options: Options = {}) =>
      writing('delete', options, (written) => [removeStep(collection, filter, written)]),
    deleteMany: (filter: Filter, options: Options = {}) =>
      writing('delete', options, (written) => [removeStep(collection, filter, written)]),
    createIndexes: async () => [],
  }
}

function select(found: Doc[], { sort, limit }: Options): Doc[] {
  if (sort) {
    const by = Object.entries(sort)
    found.sort((a, b) => {
      for (const [path, direction] of by) {
        const order = compare(valueAt(a, path), valueAt(b, path)) ?? 0
        if (order !== 0) return order * direction
      }
      return 0
    })
  }
  return limit === undefined ? found : found.slice(0, limit)
}

function throwBulk({ refused }: Written, isUnconfirmed: boolean): void {
  if (refused.length === 0 && !isUnconfirmed) return
  const code = refused.length > 0 ? duplicateKey : 64
  const unconfirmed = isUnconfirmed ? { code: 64, errmsg: 'waiting for replication timed out' } : undefined
  const result = { getWriteConcernError: () => unconfirmed }
  throw new MongoBulkWriteError(
    { message: 'a bulk write failed', code, writeErrors: refused } as never,
    result as never,
  )
}

import {
  type BulkWriteResult,
  MongoBulkWriteError,
  MongoNetworkError,
  MongoServerError,
  MongoWriteConcernError,
} from 'mongodb'
import { expect, test } from 'vitest'
import { isDuplicateKey, isUnknownOutcome } from './errors.ts'

const serverError = (code: number) => new MongoServerError({ message: 'refused', code })

test('a duplicate key is known by its code alone, and is no unknown outcome', () => {
  expect(isDuplicateKey(serverError(11_000))).toBe(true)
  expect(isDuplicateKey(serverError(50))).toBe(false)
  expect(isDuplicateKey(new Error('E11000 duplicate key'))).toBe(false)
  expect(isUnknownOutcome(serverError(11_000))).toBe(false)
})

test('a lost connection, a lost primary and an unconfirmed write concern leave the outcome unknown', () => {
  expect(isUnknownOutcome(new MongoNetworkError('connection closed'))).toBe(true)
  for (const code of [50, 64, 91, 189, 10_107, 11_600, 11_602]) {
    expect(isUnknownOutcome(serverError(code))).toBe(true)
  }
  const result = { ok: 1, writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } }
  expect(isUnknownOutcome(new MongoWriteConcernError(result))).toBe(true)
})

test('a refusal of the server and an error of our own are no unknown outcome', () => {
  for (const code of [2, 9, 13, 59, 121]) expect(isUnknownOutcome(serverError(code))).toBe(false)
  expect(isUnknownOutcome(new TypeError('undefined is not a function'))).toBe(false)
})

test('a bulk write that got no answer leaves the outcome unknown, one that was refused does not', () => {
  const result = { getWriteConcernError: () => undefined } as BulkWriteResult
  const bulk = (error: ConstructorParameters<typeof MongoBulkWriteError>[0]) =>
    isUnknownOutcome(new MongoBulkWriteError(error, result))
  expect(bulk(new MongoNetworkError('connection 1 timed out'))).toBe(true)
  expect(bulk(serverError(121))).toBe(false)
  expect(bulk({ message: 'E11000', code: 11_000, writeErrors: [] })).toBe(false)
})

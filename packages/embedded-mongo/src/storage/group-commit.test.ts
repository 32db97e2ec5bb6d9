import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { groupCommit } from './group-commit.ts'

/** A commit over a disk that flushes when it is told to. */
function onSlowDisk() {
  const db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE t(n)')
  const flushes: ((error: Error | null) => void)[] = []
  const lost: Error[] = []
  const log = {
    flush: (done: (error: Error | null) => void) => void flushes.push(done),
    flushNow() {},
    close() {},
  }
  const commit = groupCommit(db, log, (error) => void lost.push(error))
  const told: string[] = []
  return {
    told,
    lost,
    commit,
    get flushesBegun() {
      return flushes.length
    },
    write(name: string, collection = 1) {
      commit.begin(collection)
      db.exec('INSERT INTO t VALUES(1)')
      this.read(name)
    },
    read: (name: string, ...collections: number[]) =>
      commit.whenDurable(
        () => void told.push(name),
        () => void told.push(`${name} undone`),
        collections.length > 0 ? new Set(collections) : null,
      ),
    /** Ends the flush that began as the `index`th. */
    flushed: (index: number, error: Error | null = null) => flushes[index]?.(error),
  }
}

test('nothing that rests on a commit is answered before it is on disk, reads neither', async () => {
  const disk = onSlowDisk()
  disk.write('write')
  await nextTurn()
  disk.read('read')
  expect(disk.flushesBegun).toBe(1)
  expect(disk.told).toEqual([])
  disk.flushed(0)
  expect(disk.told).toEqual(['write', 'read'])
  disk.read('later read')
  expect(disk.told).toContain('later read')
})

test('what is written while the disk flushes shares the next flush, and waits for that one', async () => {
  const disk = onSlowDisk()
  disk.write('first')
  await nextTurn()
  disk.write('second')
  await nextTurn()
  disk.write('third')
  disk.read('read of the third')
  expect(disk.flushesBegun).toBe(1)
  disk.flushed(0)
  expect(disk.told).toEqual(['first'])
  expect(disk.flushesBegun).toBe(2)
  disk.flushed(1)
  expect(disk.told).toEqual(['first', 'second', 'third', 'read of the third'])
})

test('a flush that fails acknowledges nothing, and says that nobody knows what is on disk', async () => {
  const disk = onSlowDisk()
  disk.write('write')
  await nextTurn()
  disk.read('read')
  disk.flushed(0, new Error('the disk is gone'))
  expect(disk.lost).toHaveLength(1)
  expect(disk.told).toEqual([])
})

test('where the disk takes no more, only what is open is undone: what is being flushed is acknowledged', async () => {
  const disk = onSlowDisk()
  disk.write('first')
  await nextTurn()
  disk.write('second')
  disk.commit.failed(Object.assign(new Error('full'), { errcode: 13 }))
  expect(disk.told).toEqual(['second undone'])
  disk.flushed(0)
  expect(disk.told).toEqual(['second undone', 'first'])
})

test('a read waits for the disk only where a collection that it looked at is being written to', async () => {
  const disk = onSlowDisk()
  disk.write('first', 1)
  disk.read('read of 2', 2)
  expect(disk.told).toEqual(['read of 2'])
  disk.read('read of 1 and 2', 1, 2)
  await nextTurn()
  disk.read('read of 1', 1)
  disk.write('second', 2)
  disk.read('read of 2 again', 2)
  disk.read('read of 3', 3)
  expect(disk.told).toEqual(['read of 2', 'read of 3'])
  disk.flushed(0)
  expect(disk.told.slice(2)).toEqual(['first', 'read of 1 and 2', 'read of 1'])
  disk.flushed(1)
  expect(disk.told.slice(5)).toEqual(['second', 'read of 2 again'])
})

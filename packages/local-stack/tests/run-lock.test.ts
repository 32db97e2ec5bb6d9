import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AlreadyRunningError, identify, takeRunLock } from '../src/index.ts'

const newPath = () => join(mkdtempSync(join(tmpdir(), 'heed-lock-')), 'run.lock')

test('only one process of a checkout runs the system', () => {
  const path = newPath()
  {
    using _held = takeRunLock(path)
    expect(() => takeRunLock(path)).toThrow(AlreadyRunningError)
  }
  using _again = takeRunLock(path)
})

test('the lock of a process that died is taken over', async () => {
  const path = newPath()
  const holder = spawn('sleep', ['60'])
  writeFileSync(path, JSON.stringify(identify(Number(holder.pid))))
  expect(() => takeRunLock(path)).toThrow(AlreadyRunningError)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  using _taken = takeRunLock(path)
})

test('a process with the number of one that died does not hold its lock', () => {
  const path = newPath()
  writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'long ago' }))
  using _taken = takeRunLock(path)
})

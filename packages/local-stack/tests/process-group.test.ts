import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import {
  freePort,
  identify,
  isAlive,
  openProcessGroup,
  ProcessFailedError,
  type ProcessIdentity,
  readProcessRecords,
} from '../src/index.ts'
import { serveSpec } from './fixtures/serve-spec.ts'

const newFolder = () => join(mkdtempSync(join(tmpdir(), 'heed-group-')), 'processes')
const known = (pid: number) => identify(pid) as ProcessIdentity

test('a process ends with its group, and its record and the folder go with it', async () => {
  const folder = newFolder()
  let child: ProcessIdentity
  {
    await using group = await openProcessGroup(folder)
    const { pid } = await group.start(serveSpec(await freePort()))
    child = known(pid)
    expect(readProcessRecords(folder).map((record) => record.pid)).toEqual([pid])
  }
  expect(isAlive(child)).toBe(false)
  expect(existsSync(folder)).toBe(false)
})

test('what a stack killed with SIGKILL leaves behind is ended', async () => {
  const folder = newFolder()
  const holderFile = fileURLToPath(new URL('./fixtures/hold-stack.ts', import.meta.url))
  const holder = spawn(process.execPath, [holderFile, folder, String(await freePort())], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: holder.stdout }), 'line')
  const child = known(Number(line))
  expect(isAlive(child)).toBe(true)
  holder.kill('SIGKILL')
  await vi.waitFor(() => expect([isAlive(child), existsSync(folder)]).toEqual([false, false]), 10_000)
})

test('a process gets the environment given and nothing else', async () => {
  await using group = await openProcessGroup(newFolder())
  const spec = serveSpec(await freePort(), { GREETING: 'hello' })
  const { url, pid } = await group.start(spec)
  const told = (await (await fetch(String(url))).json()) as { pid: number; env: Record<string, string> }
  expect(told).toEqual({ pid, env: spec.env })
})

test('the recorded command line, environment and folder start a process again by themselves', async () => {
  const port = await freePort()
  const spec = serveSpec(port)
  {
    await using group = await openProcessGroup(newFolder())
    await group.start(spec)
  }
  const again = spawn(spec.command, [...spec.args], { cwd: spec.cwd, env: { ...spec.env }, stdio: 'pipe' })
  try {
    await once(createInterface({ input: again.stdout }), 'line')
    const told = (await (await fetch(String(spec.url))).json()) as { pid: number }
    expect(told.pid).toBe(again.pid)
  } finally {
    again.kill('SIGKILL')
  }
})

test('a process that does not end after SIGTERM is killed', async () => {
  await using group = await openProcessGroup(newFolder())
  const spec = serveSpec(await freePort(), { STUBBORN: '1' })
  const stubborn = await group.start({ ...spec, stopWithinMs: 200 })
  await stubborn[Symbol.asyncDispose]()
  expect(await stubborn.exited).toEqual({ code: null, signal: 'SIGKILL' })
})

test('a process that ends before it is ready is told of with its last words', async () => {
  await using group = await openProcessGroup(newFolder())
  const spec = {
    ...serveSpec(await freePort()),
    args: ['-e', 'console.error("no such disk"); process.exit(3)'],
  }
  await expect(group.start(spec)).rejects.toThrow(/no such disk/)
  await expect(group.start({ ...spec, command: 'no-such-program' })).rejects.toThrow(ProcessFailedError)
})

test('a new group first ends what an earlier one left in its folder', async () => {
  const folder = newFolder()
  await using _first = await openProcessGroup(folder)
  const { pid } = await _first.start(serveSpec(await freePort()))
  const child = known(pid)
  await using _second = await openProcessGroup(folder)
  expect(isAlive(child)).toBe(false)
})

test('a process asked for while its group ends is not left running, and none is started afterwards', async () => {
  const group = await openProcessGroup(newFolder())
  const pending = group.start(serveSpec(await freePort()))
  await group[Symbol.asyncDispose]()
  expect(identify((await pending).pid)).toBeNull()
  await expect(group.start(serveSpec(await freePort()))).rejects.toThrow(ProcessFailedError)
})

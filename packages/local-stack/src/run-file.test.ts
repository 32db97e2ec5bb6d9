import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRunFile, removeRunFile, runSecrets, writeRunFile } from './run-file.ts'
import { generateSecrets } from './secrets.ts'

test('what runs can be read by its owner alone, and not any more once removed', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'heed-run-')), 'deep', 'run.json')
  expect(readRunFile(path)).toBeNull()
  const run = {
    processes: [{ name: 'compliance', url: 'http://127.0.0.1:4001', pid: 7 }],
    mongodbUrl: 'mongodb://127.0.0.1:1',
    natsUrl: 'nats://127.0.0.1:2',
    secrets: runSecrets(await generateSecrets()),
  }
  writeRunFile(run, path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readRunFile(path)).toEqual(run)
  removeRunFile(path)
  removeRunFile(path)
  expect(readRunFile(path)).toBeNull()
})

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { repository } from '@heed/local-stack'
import { databaseName } from '@heed/mongo'

const run = promisify(execFile)

/** What the command that proves the ledger finds wrong; one line each. */
export async function verifyLedger(mongodbUrl: string, databaseId: string): Promise<string[]> {
  const args = ['apps/compliance/src/verify-ledger.ts', '--database', databaseName('compliance', databaseId)]
  const env = { PATH: process.env.PATH ?? '', MONGODB_URL: mongodbUrl }
  const { stdout, failed } = await run(process.execPath, args, { cwd: repository, env }).then(
    ({ stdout }) => ({ stdout, failed: false }),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ stdout: stdout + stderr, failed: true }),
  )
  if (!failed && /, 0 faults$/.test(stdout.trim())) return []
  return stdout
    .trim()
    .split('\n')
    .filter((line) => !/: .* 0 faults$/.test(line))
}

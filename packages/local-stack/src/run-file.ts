import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { repository } from './paths.ts'
import type { Secrets } from './secrets.ts'

/** What a developer's own programs may know of the system that runs here. */
export const RunFile = z.object({
  processes: z.array(z.object({ name: z.string(), url: z.string(), pid: z.int().positive() })),
  mongodbUrl: z.string(),
  natsUrl: z.string(),
  secrets: z.object({
    TWILIO_ACCOUNT_SID: z.string(),
    TWILIO_AUTH_TOKEN: z.string(),
    TOKEN_PRIVATE_KEY: z.string(),
    TOKEN_PUBLIC_KEYS: z.string(),
  }),
})
export type RunFile = z.infer<typeof RunFile>

export const runFilePath = join(repository, '.heed/run.json')

/** Readable by its owner alone. Appears whole or not at all. */
export function writeRunFile(run: RunFile, path = runFilePath): void {
  mkdirSync(dirname(path), { recursive: true })
  const fresh = `${path}.${process.pid}`
  writeFileSync(fresh, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 })
  renameSync(fresh, path)
}

export function removeRunFile(path = runFilePath): void {
  rmSync(path, { force: true })
}

/** What runs, or null where nothing says so. */
export function readRunFile(path = runFilePath): RunFile | null {
  try {
    return RunFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

export function runSecrets(secrets: Secrets): RunFile['secrets'] {
  return {
    TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
    TOKEN_PRIVATE_KEY: JSON.stringify(secrets.developerKey),
    TOKEN_PUBLIC_KEYS: JSON.stringify(secrets.publicKeys),
  }
}

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const suffix = '.process.json'

/** What is known of a process that must not outlive its stack. */
export const ProcessRecord = z.object({
  name: z.string(),
  url: z.string().nullable(),
  pid: z.int().positive(),
  started: z.string(),
  /** Servers that others need end after those. */
  endsLast: z.boolean(),
})
export type ProcessRecord = z.infer<typeof ProcessRecord>

export function writeProcessRecord(folder: string, record: ProcessRecord): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, record.name + suffix)
  writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** Removes the record, unless another process has taken the name since. */
export function removeProcessRecord(folder: string, { name, pid }: { name: string; pid: number }): void {
  const standing = readProcessRecords(folder).find((record) => record.name === name)
  if (standing?.pid === pid) rmSync(join(folder, name + suffix), { force: true })
}

/** Records that cannot be read are left out; a folder that is not there has none. */
export function readProcessRecords(folder: string): ProcessRecord[] {
  let files: string[]
  try {
    files = readdirSync(folder).filter((file) => file.endsWith(suffix))
  } catch {
    return []
  }
  return files.flatMap((file) => {
    try {
      return [ProcessRecord.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))]
    } catch {
      return []
    }
  })
}

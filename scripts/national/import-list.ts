import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { PhoneNumber } from '@heed/phone'
import { type CountryCode, readNumber } from '@heed/phone/read'
import { type RowOptions, rowsOf } from '../blocklist/rows.ts'
import { insist } from '../files/insist.ts'
import { share, teller } from '../files/progress.ts'

/** The part of compliance's client that an import of a shared list needs. */
export interface SharedLists {
  readonly add: {
    mutate(input: { sharedList: string; source: string; numbers: PhoneNumber[] }): Promise<unknown>
  }
  readonly sweep: {
    mutate(input: {
      sharedList: string
      source: string
      cursor?: PhoneNumber
    }): Promise<{ removed: number; nextCursor: PhoneNumber | null }>
  }
  readonly finish: { mutate(input: { sharedList: string; source: string; asOf: string }): Promise<unknown> }
}

export interface ListImport extends RowOptions {
  readonly path: string
  readonly list: string
  /** The day that the file is of. */
  readonly asOf: Date
  /** What the file does not name is taken off. */
  readonly replace: boolean
  readonly region?: CountryCode | undefined
  readonly say: (line: string) => void
}

const batchMax = 1_000
const inFlight = 8

/**
 * Puts every number of a file on a list that accounts share. It is read whole once before anything is done; run again it
 * does the same again, which changes nothing. The list is as fresh as the file only once all of it is there.
 */
export async function importList(lists: SharedLists, options: ListImport) {
  const { list, path, replace, region, say } = options
  let [rows, bad] = [0, 0]
  for await (const { value } of rowsOf(path, options)) {
    rows++
    if (value === null || readNumber(value, region) === null) bad++
  }
  say(`${rows.toLocaleString('en')} rows, ${bad} of them without a number that can be texted`)
  const source = `${list}:${(await hashOf(path)).slice(0, 16)}`
  const told = teller(say, rows - bad, 'numbers')
  let added = 0
  const batches = batchesOf(options)
  const worker = async () => {
    for await (const numbers of share(batches)) {
      await insist(() => lists.add.mutate({ sharedList: list, source, numbers }))
      added += numbers.length
      told(added, () => {})
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  const removed = replace ? await sweep(lists, { sharedList: list, source }) : 0
  await insist(() => lists.finish.mutate({ sharedList: list, source, asOf: options.asOf.toISOString() }))
  return { list, source, rows, added, removed, errors: bad }
}

async function sweep(lists: SharedLists, of: { sharedList: string; source: string }): Promise<number> {
  let removed = 0
  let cursor: PhoneNumber | null = null
  do {
    const asked: { sharedList: string; source: string; cursor?: PhoneNumber } =
      cursor === null ? of : { ...of, cursor }
    const page = await insist(() => lists.sweep.mutate(asked))
    removed += page.removed
    cursor = page.nextCursor
  } while (cursor !== null)
  return removed
}

async function* batchesOf(options: ListImport): AsyncGenerator<PhoneNumber[]> {
  let batch = new Set<PhoneNumber>()
  for await (const { value } of rowsOf(options.path, options)) {
    const number = value === null ? null : readNumber(value, options.region)
    if (number === null) continue
    batch.add(number)
    if (batch.size < batchMax) continue
    yield [...batch]
    batch = new Set()
  }
  if (batch.size > 0) yield [...batch]
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}

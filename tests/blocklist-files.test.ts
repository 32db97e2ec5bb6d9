import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountId } from '@heed/phone'
import { TRPCClientError } from '@trpc/client'
import { afterAll, describe, expect, test } from 'vitest'
import { startTestCompliance } from '../apps/compliance/tests/start-compliance.ts'
import { exportLines } from '../scripts/blocklist/export-list.ts'
import { type ImportOptions, importFile } from '../scripts/blocklist/import-file.ts'
import { rowsOf } from '../scripts/blocklist/rows.ts'
import { FileError } from '../scripts/files/file-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'heed-blocklist-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
function file(content: string | Buffer): string {
  const path = join(folder, `file-${files++}`)
  writeFileSync(path, content)
  return path
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => `+1202555${String(1000 + at)}`)
const values = async (...given: Parameters<typeof rowsOf>) => {
  const rows: (string | null)[] = []
  for await (const { value } of rowsOf(...given)) rows.push(value)
  return rows
}

describe('a file of numbers is read as other systems write it', () => {
  test.each([
    ['a header that names the column', 'Name,Phone Number\nAnn,+12025551000\n'],
    ['semicolons, a byte order mark and quotes', '\ufeff"name";"MSISDN"\r\n"Ann; B.";"+12025551000"\r\n'],
    ['tabs', 'phone_number\tstatus\n+12025551000\tout\n'],
    ['numbers and nothing else', '+12025551000\n'],
    ['JSON lines', '{"name":"Ann","mobile":"+12025551000"}\n\n'],
  ])('%s', async (_, content) => {
    expect(await values(file(content))).toEqual(['+12025551000'])
  })

  test('a column that is named, and only the rows that say so', async () => {
    const content = 'who,line 2,opted out\nAnn,+12025551000,TRUE\nBob,+12025551001,false\n'
    const only = { column: 'opted out', value: 'true' }
    expect(await values(file(content), { column: 'line 2', only })).toEqual(['+12025551000'])
  })
})

describe('a file that cannot be read is refused whole, by line and column', () => {
  test.each([
    ['empty', '', null, null],
    ['which-column', 'a,b\n1,2\n', 1, null],
    ['columns-differ', 'phone,name\n+12025551000,Ann\n+12025551001\n', 3, null],
    ['open-quote', 'phone,name\n+12025551000,"Ann\n+12025551001,Bob\n', 3, null],
    ['not-utf8', Buffer.concat([Buffer.from('phone\n+12025551000\n'), Buffer.from([0xe9, 0x20])]), 1, null],
  ])('%s', async (fault, content, line, field) => {
    const error = await values(file(content)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(FileError)
    expect(error).toMatchObject({ fault, field })
    if (fault !== 'not-utf8' && fault !== 'open-quote') expect(error).toMatchObject({ line })
    expect(String((error as Error).message)).not.toMatch(/\d{7}/)
  })

  test('no-such-column names the column that was asked for', async () => {
    const error = await values(file('phone\n+12025551000\n'), { column: 'handy' }).catch((thrown) => thrown)
    expect(error).toMatchObject({ fault: 'no-such-column', line: 1, field: 'handy' })
  })
})

describe('an import', async () => {
  const system = await startTestCompliance()
  afterAll(() => system[Symbol.asyncDispose]())
  const { consent } = system.rpc.admin
  const options = (accountId: AccountId, path: string, more: Partial<ImportOptions> = {}): ImportOptions => ({
    path,
    accountId,
    list: 'own',
    actor: 'ann',
    dryRun: false,
    progressFile: (id) => join(folder, `${id}.json`),
    say: () => {},
    ...more,
  })
  const listed = async (accountId: AccountId, format: 'csv' | 'jsonl' = 'csv') => {
    const lines: string[] = []
    for await (const line of exportLines(consent, { accountId, format })) lines.push(line)
    return lines
  }

  test('opts out every number, tells lines without one, and lets an export be imported elsewhere', async () => {
    const [one, other] = [await system.newAccount(), await system.newAccount()]
    const path = file(['phone', ...numbers(200), '12', 'n/a', '(202) 555-2000'].join('\n'))
    const report = await importFile(consent, options(one.accountId, path, { region: 'US' }))
    expect(report).toMatchObject({ rows: 203, added: 201, known: 0, errors: { count: 2, lines: [202, 203] } })
    const lines = await listed(one.accountId)
    expect(lines[0]).toBe('number,list,since,rev')
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual([...numbers(200), '+12025552000'])
    await importFile(consent, options(other.accountId, file(lines.join('\n'))))
    expect(await listed(other.accountId)).toHaveLength(202)
    const jsonl = file((await listed(one.accountId, 'jsonl')).join('\n'))
    expect(await importFile(consent, options(other.accountId, jsonl))).toMatchObject({ added: 0, known: 201 })
  })

  test('run dry does nothing', async () => {
    const { accountId } = await system.newAccount()
    const report = await importFile(
      consent,
      options(accountId, file(numbers(10).join('\n')), { dryRun: true }),
    )
    expect(report).toMatchObject({ rows: 10, added: 0, errors: { count: 0 } })
    expect(await listed(accountId)).toHaveLength(1)
  })

  test('of a file that cannot be read to its end does nothing', async () => {
    const { accountId } = await system.newAccount()
    const path = file(`phone,name\n${numbers(500).join(',x\n')},"y\n`)
    await expect(importFile(consent, options(accountId, path))).rejects.toBeInstanceOf(FileError)
    expect(await listed(accountId)).toHaveLength(1)
  })

  test('interrupted goes on where it was, and no number is opted out twice', async () => {
    const { accountId } = await system.newAccount()
    const path = file(numbers(2_000).join('\n'))
    let calls = 0
    const dying = {
      optOut: {
        mutate: async (input: Parameters<typeof consent.optOut.mutate>[0]) => {
          // As if the program were ended here: nothing is asked any more.
          if (calls++ >= 12)
            throw TRPCClientError.from({
              error: { message: '', code: -32003, data: { reason: 'forbidden' } },
            } as never)
          return consent.optOut.mutate(input)
        },
      },
    }
    await expect(importFile(dying as never, options(accountId, path))).rejects.toThrow()
    expect((await listed(accountId)).length).toBeLessThan(1_000)
    const report = await importFile(consent, options(accountId, path))
    expect(report.added + report.known + report.resumed).toBe(2_000)
    const lines = await listed(accountId)
    expect(new Set(lines).size).toBe(2_001)
    const status = await consent.status.query({ accountId, numbers: [numbers(1)[0] as never] })
    expect(status[0]?.blocks[0]?.held).toBe(1)
  })

  test('never lifts, and leaves what a person said as it was', async () => {
    const { accountId, businessNumber } = await system.newAccount()
    const [number = ''] = numbers(1)
    const stop = { businessNumber, numbers: [number as never], cause: 'keyword', source: 'SM1' }
    await system.rpc.inbound.consent.optOut.mutate(stop)
    const report = await importFile(consent, options(accountId, file(numbers(2).join('\n'))))
    expect(report).toMatchObject({ added: 1, known: 1 })
    const [status] = await consent.status.query({ accountId, numbers: [number as never] })
    expect(status).toMatchObject({ state: 'out', cause: 'keyword' })
  })
})

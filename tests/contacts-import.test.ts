import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkNothingOpen, newPhoneNumber, waitFor } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
import { startSystem } from '../apps/contacts/tests/system.ts'
import { type ImportOptions, importFile } from '../scripts/contacts/import-file.ts'

checkNothingOpen()

const folder = mkdtempSync(join(tmpdir(), 'heed-import-'))
const system = await startSystem()
const contacts = await system.startHere()
afterAll(async () => {
  await contacts[Symbol.asyncDispose]()
  await system[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})
const { operator } = contacts

let files = 0
function run(accountId: ImportOptions['accountId'], content: string, more: Partial<ImportOptions> = {}) {
  const path = join(folder, `people-${files++}.csv`)
  writeFileSync(path, content)
  return importFile(operator.contacts, {
    path,
    accountId,
    country: 'US',
    known: 'skip',
    tags: [],
    dryRun: false,
    progressFile: (id) => join(folder, `${id}.json`),
    newImportId: () => `im_0mb00000${files}${'0'.repeat(8)}`.slice(0, 20).padEnd(20, '0'),
    say: () => {},
    ...more,
  })
}
const all = async (accountId: ImportOptions['accountId']) =>
  (await operator.contacts.list.query({ accountId, limit: 1_000 })).contacts

test('a file of another system makes people with numbers, name, place, tags and fields of their own', async () => {
  const accountId = await system.newAccount()
  const content = [
    'First Name,Last Name,Mobile,Home Phone,Phone,Zip Code,Time Zone,Tags,Plan',
    'Ann,Bell,(202) 555-0142,n/a,202-555-0143,20001,America/New_York,vip; Gold,pro',
  ].join('\n')
  const { rows, created, errors } = await run(accountId, content, { tags: ['imported'] })
  expect([rows, created, errors.count]).toEqual([1, 1, 0])
  expect(await all(accountId)).toMatchObject([
    {
      name: 'Ann Bell',
      numbers: ['+12025550142', '+12025550143'],
      zip: '20001',
      zone: 'America/New_York',
      tags: ['imported', 'vip', 'Gold'],
      fields: [
        { name: 'Home Phone', value: 'n/a' },
        { name: 'Plan', value: 'pro' },
      ],
    },
  ])
})

test('a row that cannot be taken is told by line and field, and holds up no other', async () => {
  const accountId = await system.newAccount()
  const content = `phone,zip\n+12025550142,20001\ncall me,20001\n+12025550144,2000\n+12025550145,\n`
  const dry = await run(accountId, content, { dryRun: true })
  expect(dry).toMatchObject({ created: 2, errors: { count: 2 } })
  expect(await all(accountId)).toEqual([])
  const { created, errors } = await run(accountId, content)
  expect([created, errors.first]).toEqual([
    2,
    [
      { line: 3, field: 'numbers' },
      { line: 4, field: 'zip' },
    ],
  ])
  expect(await all(accountId)).toHaveLength(2)
})

test('run again after it was cut off it goes on, and makes nobody twice', async () => {
  const accountId = await system.newAccount()
  const numbers = [...new Set(Array.from({ length: 1_700 }, newPhoneNumber))]
  const content = `phone\n${numbers.join('\n')}\n`
  let calls = 0
  const { contacts: real } = operator
  const cut = {
    importRows: {
      mutate: async (input: Parameters<typeof real.importRows.mutate>[0]) => {
        if (++calls > 2) throw new RangeError('cut off')
        return real.importRows.mutate(input)
      },
    },
  }
  const path = join(folder, 'cut.csv')
  writeFileSync(path, content)
  const options: ImportOptions = {
    path,
    accountId,
    country: 'US',
    known: 'skip',
    tags: [],
    dryRun: false,
    progressFile: (id) => join(folder, `${id}.json`),
    newImportId: () => 'im_0mb00000000000000',
    say: () => {},
  }
  const isCut = await importFile(cut as never, options).then(
    () => false,
    () => true,
  )
  expect(isCut).toBe(true)
  await importFile(operator.contacts, options)
  expect(await operator.contacts.count.query({ accountId })).toEqual({ count: numbers.length })
}, 60_000)

test('whose number somebody has is left out, or adds to them what is new', async () => {
  const accountId = await system.newAccount()
  const number = newPhoneNumber()
  const given = { accountId, numbers: [number], name: 'Ann', tags: ['vip'] }
  await operator.contacts.create.mutate(given)
  const content = `phone,name,tags,plan\n${number},Anna,gold,pro\n${number},Ann again,,\n`
  expect(await run(accountId, content)).toMatchObject({ created: 0, known: 2, updated: 0 })
  expect(await run(accountId, content, { known: 'update' })).toMatchObject({ created: 0, updated: 2 })
  expect(await all(accountId)).toMatchObject([
    { name: 'Ann', tags: ['vip', 'gold'], fields: [{ name: 'plan', value: 'pro' }] },
  ])
})

test('who is imported with a number that has opted out shows it, and their other numbers are bound', async () => {
  const accountId = await system.newAccount()
  const [out, other] = [newPhoneNumber(), newPhoneNumber()]
  await system.text(accountId, out, 'STOP')
  await run(accountId, `phone,mobile\n${out},${other}\n`)
  const isOut = async () => (await all(accountId))[0]?.optOut === true
  await waitFor(isOut, { timeoutMs: 10_000 })
  const bound = async () =>
    (await system.compliance.consent.status.query({ accountId, numbers: [other] }))[0]?.state === 'out'
  await waitFor(bound, { timeoutMs: 10_000 })
})

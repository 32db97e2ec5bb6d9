import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ContactsRouter } from '@heed/contacts/router'
import { readRunFile, repository } from '@heed/local-stack'
import { AccountId } from '@heed/phone'
import { isCountry } from '@heed/phone/read'
import { createRpcClient, ownTokens, privateKeySetting } from '@heed/rpc'
import { z } from 'zod'
import { FileError } from '../files/file-error.ts'
import { importFile } from './import-file.ts'

// Run by `npm run contacts -- import FILE --account A`: people of a CSV or JSON lines file into an account's contacts.
// Contacts are found by CONTACTS_URL and TOKEN_PRIVATE_KEY, or else by what is running here.

const usage = `usage:
  npm run contacts -- import FILE --account A [--dry-run] [--region US] [--number COLUMN]... [--tag TAG]... [--known skip|update]`

const Options = z.object({
  account: AccountId,
  region: z.string().toUpperCase().refine(isCountry).optional(),
  number: z.array(z.string().min(1)).optional(),
  tag: z.array(z.string().min(1)).default([]),
  known: z.enum(['skip', 'update']).default('skip'),
  'dry-run': z.boolean().default(false),
})

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      account: text,
      region: text,
      number: { type: 'string', multiple: true },
      tag: { type: 'string', multiple: true },
      known: text,
      'dry-run': { type: 'boolean' },
    },
  })
  const options = Options.parse(values)
  const [what, path, ...more] = positionals
  if (what !== 'import' || path === undefined || more.length > 0) throw new TypeError(usage)
  await using client = connect()
  const { errors, ...report } = await importFile(client.rpc.contacts, {
    path,
    accountId: options.account,
    country: options.region,
    known: options.known,
    numberColumns: options.number,
    tags: options.tag,
    dryRun: options['dry-run'],
    progressFile: (id) => join(repository, '.heed', 'imports', `contacts-${id}.json`),
    newImportId: () => `im_${Date.now().toString(36).padStart(9, '0')}${randomBytes(4).toString('hex')}`,
    say: console.log,
  })
  for (const { line, field } of errors.first.slice(0, 20))
    console.log(`line ${line}: ${field} cannot be taken`)
  if (errors.count > 20) console.log(`and ${errors.count - 20} more`)
  console.log(JSON.stringify({ ...report, errors: errors.count }))
  if (errors.count > 0) process.exitCode = 2
}

function connect() {
  const running = readRunFile()
  const url = process.env.CONTACTS_URL ?? running?.processes.find(({ name }) => name === 'contacts')?.url
  const key = process.env.TOKEN_PRIVATE_KEY || running?.secrets.TOKEN_PRIVATE_KEY
  if (!url || !key)
    throw new Error('set CONTACTS_URL and TOKEN_PRIVATE_KEY, or start the system first ("npm run dev")')
  const token = ownTokens(privateKeySetting.parse(key), 'operator')
  return createRpcClient<ContactsRouter>({ url, token, timeoutMs: 30_000 })
}

await main().catch((error) => {
  const isMisuse = error instanceof z.ZodError || error instanceof TypeError
  console.error(isMisuse ? usage : error instanceof FileError ? error.message : String(error.message))
  process.exitCode = 1
})

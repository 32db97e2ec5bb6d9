import { parseArgs } from 'node:util'
import { NationalList } from '@heed/phone'
import { isCountry } from '@heed/phone/read'
import { z } from 'zod'
import { connectCompliance } from '../files/connect.ts'
import { FileError } from '../files/file-error.ts'
import { importList } from './import-list.ts'

// Run by `npm run national -- import FILE --list national-us-dnc` or `-- list`: lists that accounts share, and how fresh each
// is. Compliance is found by COMPLIANCE_URL and TOKEN_PRIVATE_KEY, or else by what is running here.

const usage = `usage:
  npm run national -- import FILE --list national-us-dnc [--as-of 2026-11-01] [--replace] [--region US] [--column NAME]
  npm run -s national -- list`

const Options = z.object({
  list: NationalList.optional(),
  'as-of': z.iso.date().optional(),
  replace: z.boolean().default(false),
  region: z.string().toUpperCase().refine(isCountry).optional(),
  column: z.string().min(1).optional(),
})

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { list: text, 'as-of': text, region: text, column: text, replace: { type: 'boolean' } },
  })
  const options = Options.parse(values)
  const [what, path, ...more] = positionals
  if (what === 'list' && path === undefined) {
    await using client = connectCompliance()
    for (const one of (await client.rpc.national.list.query({})).lists) console.log(JSON.stringify(one))
    return
  }
  const { list, region, column, replace } = options
  if (what !== 'import' || path === undefined || list === undefined || more.length > 0)
    throw new TypeError(usage)
  await using client = connectCompliance()
  const asOf = options['as-of'] === undefined ? new Date() : new Date(options['as-of'])
  const report = await importList(client.rpc.national, {
    path,
    list,
    asOf,
    replace,
    region,
    column,
    say: console.log,
  })
  console.log(JSON.stringify(report))
  if (report.errors > 0) process.exitCode = 2
}

await main().catch((error) => {
  const isMisuse = error instanceof z.ZodError || error instanceof TypeError
  console.error(isMisuse ? usage : error instanceof FileError ? error.message : String(error.message))
  process.exitCode = 1
})

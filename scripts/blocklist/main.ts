import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repository } from '@heed/local-stack'
import { AccountId, ListName } from '@heed/phone'
import { isCountry } from '@heed/phone/read'
import { z } from 'zod'
import { connectCompliance } from '../files/connect.ts'
import { FileError } from '../files/file-error.ts'
import { exportLines } from './export-list.ts'
import { importFile } from './import-file.ts'

// Run by `npm run blocklist -- import FILE --account A` or `-- export --account A`: numbers into an account's blocklist
// and out of it. Compliance is found by COMPLIANCE_URL and TOKEN_PRIVATE_KEY, or else by what is running here.

const usage = `usage:
  npm run blocklist -- import FILE --account A [--dry-run] [--region US] [--column NAME] [--only COLUMN=VALUE] [--list own|dnc] [--actor WHO]
  npm run -s blocklist -- export --account A [--list own] [--format csv|jsonl] [--out FILE]`

const Options = z.object({
  account: AccountId,
  list: ListName.optional(),
  region: z.string().toUpperCase().refine(isCountry).optional(),
  column: z.string().min(1).optional(),
  only: z
    .string()
    .regex(/^[^=]+=.*$/)
    .transform((pair) => ({
      column: pair.slice(0, pair.indexOf('=')),
      value: pair.slice(pair.indexOf('=') + 1),
    }))
    .optional(),
  actor: z.string().min(1).max(200).default(userInfo().username),
  format: z.enum(['csv', 'jsonl']).default('csv'),
  out: z.string().min(1).optional(),
  'dry-run': z.boolean().default(false),
})

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      account: text,
      list: text,
      region: text,
      column: text,
      only: text,
      actor: text,
      format: text,
      out: text,
      'dry-run': { type: 'boolean' },
    },
  })
  const options = Options.parse(values)
  const [what, path, ...more] = positionals
  if (
    more.length > 0 ||
    (what !== 'import' && what !== 'export') ||
    (what === 'import') !== (path !== undefined)
  )
    throw new TypeError(usage)
  await using client = connectCompliance()
  if (what === 'import') await importInto(client.rpc.consent, path ?? '', options)
  else await exportOf(client.rpc.consent, options)
}

type Consent = ReturnType<typeof connectCompliance>['rpc']['consent']

async function importInto(consent: Consent, path: string, options: z.infer<typeof Options>): Promise<void> {
  const { account, list, region, column, only, actor } = options
  const { errors, ...report } = await importFile(consent, {
    path,
    accountId: account,
    list: list ?? 'own',
    actor,
    region,
    column,
    only,
    dryRun: options['dry-run'],
    progressFile: (id) => join(repository, '.heed', 'imports', `${id}.json`),
    say: console.log,
  })
  for (const line of errors.lines.slice(0, 20)) console.log(`line ${line}: no number that can be texted`)
  if (errors.count > 20) console.log(`and ${errors.count - 20} more`)
  console.log(JSON.stringify({ ...report, errors: errors.count }))
  if (errors.count > 0) process.exitCode = 2
}

async function exportOf(
  consent: Consent,
  { account, list, format, out }: z.infer<typeof Options>,
): Promise<void> {
  const target = out === undefined ? process.stdout : createWriteStream(out)
  for await (const line of exportLines(consent, { accountId: account, list, format }))
    if (!target.write(`${line}\n`)) await once(target, 'drain')
  if (target !== process.stdout) await new Promise<void>((resolve) => target.end(resolve))
}

await main().catch((error) => {
  const isMisuse = error instanceof z.ZodError || error instanceof TypeError
  console.error(isMisuse ? usage : error instanceof FileError ? error.message : String(error.message))
  process.exitCode = 1
})

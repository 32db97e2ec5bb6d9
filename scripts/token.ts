import { parseArgs } from 'node:util'
import { readRunFile } from '@heed/local-stack'
import { privateKeySetting, Role, signToken } from '@heed/rpc'
import { z } from 'zod'

// Run by `npm run -s token -- --role R --accounts a,b --ttl S`: prints a token on its last line.

const usage = `usage: npm run -s token -- --role ${Role.options.join('|')} --accounts a,b|'*' [--ttl SECONDS (1 to 3600, default 3600)]`

const Options = z.object({
  role: Role,
  accounts: z
    .string()
    .min(1)
    .transform((list) => list.split(',').filter((id) => id !== '')),
  ttl: z.coerce.number().int().min(1).max(3_600).default(3_600),
})

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { role: { type: 'string' }, accounts: { type: 'string' }, ttl: { type: 'string' } },
  })
  const options = Options.parse(values)
  const keyText = process.env.TOKEN_PRIVATE_KEY || readRunFile()?.secrets.TOKEN_PRIVATE_KEY
  if (!keyText)
    throw new Error(
      'set TOKEN_PRIVATE_KEY, or start the system first ("npm run dev", "npm run demo -- --keep")',
    )
  const key = privateKeySetting.parse(keyText)
  console.log(
    await signToken({ key, role: options.role, accounts: options.accounts, ttlSeconds: options.ttl }),
  )
}

await main().catch((error) => {
  console.error(error instanceof z.ZodError || error instanceof TypeError ? usage : String(error.message))
  process.exitCode = 1
})

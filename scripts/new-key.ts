import { parseArgs } from 'node:util'
import { generateKey, Role } from '@heed/rpc'
import { z } from 'zod'

// Run by `npm run -s new-key -- --kid NAME --roles sender --accounts '*'`: a key pair for one caller.

const list = z
  .string()
  .min(1)
  .transform((text) => text.split(','))
const Options = z.object({ kid: z.string().min(1), roles: list.pipe(z.array(Role)), accounts: list })

const { values } = parseArgs({
  options: { kid: { type: 'string' }, roles: { type: 'string' }, accounts: { type: 'string' } },
})
const options = Options.safeParse(values)
if (!options.success) {
  console.error(
    `usage: npm run -s new-key -- --kid NAME --roles ${Role.options.join(',')} --accounts a,b|'*'`,
  )
  process.exit(1)
}
const { privateKey, publicKey } = await generateKey(options.data)
console.log(`for the caller:   TOKEN_PRIVATE_KEY='${JSON.stringify(privateKey)}'`)
console.log(`for the servers, an element of TOKEN_PUBLIC_KEYS:   ${JSON.stringify(publicKey)}`)

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import type { CampaignRouter } from '@heed/campaign/router'
import { readRunFile } from '@heed/local-stack'
import { AccountId } from '@heed/phone'
import { createRpcClient, ownTokens, privateKeySetting } from '@heed/rpc'
import { z } from 'zod'
import { reportLines } from './lines.ts'

// Run by `npm run -s report -- --account A --broadcast bc_… [--format csv|jsonl] [--out FILE]`: what became of every recipient.
// Campaign is found by CAMPAIGN_URL and TOKEN_PRIVATE_KEY, or else by what is running here.

const usage = 'usage: npm run -s report -- --account A --broadcast bc_… [--format csv|jsonl] [--out FILE]'

const Options = z.object({
  account: AccountId,
  broadcast: z.string().regex(/^bc_[0-9a-z]{8,40}$/),
  format: z.enum(['csv', 'jsonl']).default('csv'),
  out: z.string().min(1).optional(),
})

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { account: text, broadcast: text, format: text, out: text } })
  const { account: accountId, broadcast: broadcastId, format, out } = Options.parse(values)
  const running = readRunFile()
  const url = process.env.CAMPAIGN_URL ?? running?.processes.find(({ name }) => name === 'campaign')?.url
  const key = process.env.TOKEN_PRIVATE_KEY || running?.secrets.TOKEN_PRIVATE_KEY
  if (!url || !key)
    throw new Error('set CAMPAIGN_URL and TOKEN_PRIVATE_KEY, or start the system first ("npm run dev")')
  const token = ownTokens(privateKeySetting.parse(key), 'operator')
  await using client = createRpcClient<CampaignRouter>({ url, token, timeoutMs: 20_000 })
  const target = out === undefined ? process.stdout : createWriteStream(out)
  for await (const line of reportLines(client.rpc.broadcasts, { accountId, broadcastId, format }))
    if (!target.write(`${line}\n`)) await once(target, 'drain')
  if (target !== process.stdout) await new Promise<void>((resolve) => target.end(resolve))
}

await main().catch((error) => {
  const isMisuse = error instanceof z.ZodError || error instanceof TypeError
  console.error(isMisuse ? usage : String(error.message))
  process.exitCode = 1
})

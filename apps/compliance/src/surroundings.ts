import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { environment } from './config.ts'

/** What the command-line tools work with. */
export interface Surroundings {
  readonly mongodbUrl: string
  readonly natsUrl?: string | undefined
  readonly inboundSmsUrls: readonly string[]
  /** Of an admin; as JSON. */
  readonly tokenPrivateKey?: string | undefined
  readonly databaseId?: string | undefined
}

const RunFile = z.object({
  mongodbUrl: z.string(),
  natsUrl: z.string(),
  processes: z.array(z.object({ name: z.string(), url: z.string() })),
  secrets: z.object({ TOKEN_PRIVATE_KEY: z.string() }),
})

/** What the environment names, or else the system that `npm run dev` or the demo started. */
export async function surroundings(): Promise<Surroundings> {
  const { MONGODB_URL, NATS_URL, INBOUND_SMS_URLS, TOKEN_PRIVATE_KEY, DATABASE_ID } = environment()
  if (MONGODB_URL) {
    return {
      mongodbUrl: MONGODB_URL,
      natsUrl: NATS_URL,
      inboundSmsUrls: INBOUND_SMS_URLS?.split(',').filter(Boolean) ?? [],
      tokenPrivateKey: TOKEN_PRIVATE_KEY,
      databaseId: DATABASE_ID,
    }
  }
  const text = await readFile('.heed/run.json', 'utf8').catch(() => {
    throw new Error('set MONGODB_URL, or start the system with "npm run dev" first')
  })
  const { mongodbUrl, natsUrl, processes, secrets } = RunFile.parse(JSON.parse(text))
  return {
    mongodbUrl,
    natsUrl,
    inboundSmsUrls: processes.filter(({ name }) => name === 'inbound-sms').map(({ url }) => url),
    tokenPrivateKey: secrets.TOKEN_PRIVATE_KEY,
    databaseId: DATABASE_ID,
  }
}

import { AccountId, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { ReceivedMessage, Source } from '../schemas/consent.ts'

/** A text that asked for an opt-out or an opt-in, as inbound-sms tells it after a restore. */
const RecalledText = z.object({
  accountId: AccountId.nullable(),
  source: Source,
  number: PhoneNumber,
  businessNumber: PhoneNumber,
  intent: z.enum(['opt-out', 'opt-in']),
  cause: z.string(),
  onlyIfBlocked: z.boolean(),
  sentAt: z.iso.datetime().optional(),
  message: ReceivedMessage,
})
export type RecalledText = z.infer<typeof RecalledText>

const Page = z.object({ texts: z.array(RecalledText), nextCursor: z.string().nullable() })
/** A carrier's list is read page by page on the other side. */
const answerWithinMs = 300_000

/** inbound-sms did not tell what it knows: nobody knows what the ledger lacks. */
export class InboundSmsSilentError extends Error {
  override name = 'InboundSmsSilentError'
}

/**
 * What one instance of inbound-sms received. Only `restore-epoch` asks it: compliance itself asks nobody, so that
 * the calls between services have no cycle.
 */
export function inboundSmsClient(options: { url: string; token: () => Promise<string> }) {
  const base = options.url.replace(/\/+$/, '')
  const ask = async (procedure: string, input: object): Promise<z.infer<typeof Page>> => {
    try {
      const response = await fetch(`${base}/trpc/${procedure}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await options.token()}` },
        body: JSON.stringify(input),
        signal: AbortSignal.timeout(answerWithinMs),
      })
      if (response.status !== 200) throw new Error(`it answered ${response.status}`)
      return z.object({ result: z.object({ data: Page }) }).parse(await response.json()).result.data
    } catch (error) {
      // What zod found wrong may hold a number; where it was is enough.
      const why =
        error instanceof Error && !(error instanceof z.ZodError) ? error.message : 'unreadable answer'
      throw new InboundSmsSilentError(`inbound-sms did not answer ${procedure}: ${why}`)
    }
  }
  async function* pages(procedure: string, input: object): AsyncGenerator<RecalledText> {
    let cursor: string | null = null
    do {
      const page: z.infer<typeof Page> = await ask(procedure, { ...input, ...(cursor ? { cursor } : {}) })
      yield* page.texts
      cursor = page.nextCursor
    } while (cursor !== null)
  }
  return {
    /** What it settled with us, from its own database. */
    settled: (since: string) => pages('texts.settled', { since }),
    /** What its journal holds. */
    journaled: () => pages('texts.journaled', {}),
    /** What the carrier's list holds of a business number. */
    atCarrier: (since: string, businessNumber: PhoneNumber) =>
      pages('texts.atCarrier', { since, businessNumber }),
  }
}
export type InboundSms = ReturnType<typeof inboundSmsClient>

import { isUnknownOutcome } from '@heed/mongo'
import { serveRouter, tokenVerifier } from '@heed/rpc'
import type { HttpApp, Logger, Registry } from '@heed/service'
import { TwilioError } from '@heed/twilio'
import type { Config } from './config.ts'
import { inboundRouter } from './router.ts'
import { JournalError } from './store/journal.ts'
import type { UseCases } from './use-cases/compose.ts'

/** The door of the conversation view and of `restore-epoch`; null, so shut, where nobody is named who may come in. */
export async function rpcRoutes(
  { TOKEN_PUBLIC_KEYS }: Pick<Config, 'TOKEN_PUBLIC_KEYS'>,
  {
    useCases,
    metrics,
    log,
  }: { useCases: Pick<UseCases, 'recall' | 'pastTexts' | 'repliedSince'>; metrics: Registry; log: Logger },
): Promise<((app: HttpApp) => void) | null> {
  if (!TOKEN_PUBLIC_KEYS) return null
  return serveRouter({
    router: inboundRouter(useCases),
    verify: await tokenVerifier(TOKEN_PUBLIC_KEYS),
    isOutage: (error) =>
      error instanceof TwilioError || error instanceof JournalError || isUnknownOutcome(error),
    log,
    metrics,
  })
}

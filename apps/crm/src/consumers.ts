import { consentChanged } from '@heed/events'
import { type Bus, startAccountEvents } from '@heed/nats'
import { type Logger, startLoop } from '@heed/service'
import type { LinkDocument, Links } from './store/links.ts'

const linksAtOnce = 200

/**
 * Follows the consent of linked accounts: at once where an event tells of one, and all of them every so often, which
 * finds what no event told.
 */
export function startFollowing(deps: {
  bus: Pick<Bus, 'subscribe'>
  links: Pick<Links, 'allAfter' | 'of'>
  follow: (link: LinkDocument, signal: AbortSignal) => Promise<void>
  sweepMs: number
  log: Logger
}): AsyncDisposable & { wake(): void } {
  const followAll = async (links: readonly LinkDocument[], signal: AbortSignal) => {
    const failed: unknown[] = []
    for (const link of links) {
      signal.throwIfAborted()
      if (link.closedAt === null)
        await deps.follow(link, signal).catch((error: unknown) => failed.push(error))
    }
    if (failed.length > 0) throw failed[0]
  }
  const sweep = startLoop({
    name: 'consent sweep',
    everyMs: deps.sweepMs,
    log: deps.log,
    run: async (signal) => {
      for (let after = ''; ; ) {
        const page = await deps.links.allAfter(after, linksAtOnce)
        await followAll(page, signal)
        after = page.at(-1)?._id ?? ''
        if (page.length < linksAtOnce) return
      }
    },
  })
  const events = startAccountEvents({
    bus: deps.bus,
    contract: consentChanged,
    catchUp: async (a, signal) => followAll(await deps.links.of(a), signal),
    log: deps.log,
  })
  return {
    wake: () => sweep.wake(),
    async [Symbol.asyncDispose]() {
      await Promise.all([sweep[Symbol.asyncDispose](), events[Symbol.asyncDispose]()])
    },
  }
}

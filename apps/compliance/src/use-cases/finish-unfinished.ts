import type { HeadStore } from '../store/heads.ts'
import type { Relay } from './relay-changes.ts'

/** Folds and publishes what a crash or an outage left, of every account; one account's trouble stops no other. */
export function finishUnfinished(deps: {
  heads: Pick<HeadStore, 'unfinished'>
  fold: (accountId: string) => Promise<void>
  relay: Pick<Relay, 'catchUp'>
}): (signal?: AbortSignal) => Promise<void> {
  return async (signal) => {
    const failures: unknown[] = []
    for (const accountId of await deps.heads.unfinished()) {
      if (signal?.aborted) return
      const results = await Promise.allSettled([deps.fold(accountId), deps.relay.catchUp(accountId)])
      for (const result of results) if (result.status === 'rejected') failures.push(result.reason)
    }
    if (failures.length > 0)
      throw new Error(`${failures.length} accounts are not finished`, { cause: failures[0] })
  }
}

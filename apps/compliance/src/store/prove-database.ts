import { isUnknownOutcome } from '@heed/mongo'
import { type RaiseAlarm, untilItWorks } from '@heed/service'

type Proof = { readonly holds: true } | { readonly holds: false; readonly error: unknown }

/**
 * Waits while the database is away, and throws where it refuses what safety needs: there is no quiet fallback.
 * `prove` makes a linearizable read and a majority write.
 */
export async function proveDatabase(deps: {
  prove: () => Promise<void>
  raise: RaiseAlarm
  onAway: (error: unknown) => void
  signal?: AbortSignal
}): Promise<void> {
  const attempt = async (): Promise<Proof> => {
    try {
      await deps.prove()
      return { holds: true }
    } catch (error) {
      if (isUnknownOutcome(error)) throw error
      return { holds: false, error }
    }
  }
  const proof = await untilItWorks(attempt, {
    backoff: { firstMs: 100, maxMs: 2_000 },
    onFailure: deps.onAway,
    ...(deps.signal ? { signal: deps.signal } : {}),
  })
  if (proof.holds) return
  deps.raise('database-unsafe', { err: proof.error })
  throw proof.error
}

import { CrmError } from '../crm-error.ts'

/** Statuses that say "not now" rather than "no". 401 may be a token that has just ended. */
const passing = new Set([401, 408, 423, 429, 477])

/**
 * What HubSpot's client threw, without its body: that may repeat a number. HubSpot documents 429 with the
 * policy that was broken and, for migrations (477), `Retry-After` in seconds.
 */
export function asCrmError(what: string, error: unknown): CrmError {
  if (error instanceof CrmError) return error
  const { code, headers } = (error ?? {}) as { code?: unknown; headers?: Record<string, unknown> }
  const status = typeof code === 'number' ? code : null
  if (status === null) {
    const name = error instanceof Error ? error.name : 'unknown'
    return new CrmError(`${what}: no answer (${name})`)
  }
  const seconds = Number(headers?.['retry-after'] ?? Number.NaN)
  return new CrmError(`${what}: ${status}`, {
    status,
    refused: status >= 400 && status < 500 && !passing.has(status),
    // A ten-second window is what HubSpot counts calls in.
    afterMs: Number.isFinite(seconds) ? Math.min(seconds, 3_600) * 1_000 : status === 429 ? 10_000 : 0,
  })
}

/** The result, or an error once the time is over; the client itself would wait for minutes. */
export async function within<T>(ms: number, run: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms} ms`)), ms)
  try {
    return await Promise.race([run(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

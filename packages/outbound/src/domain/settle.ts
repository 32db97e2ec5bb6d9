import type { HandOver } from '../carrier/carrier.ts'
import { blockReasons, type TextReason } from './text-reason.ts'

/** What an attempt makes of its text. Times are ISO 8601 or wall clock ms, as they are kept. */
export type Settlement =
  | { readonly state: 'sent'; readonly reasons: readonly [] }
  | {
      readonly state: 'suppressed'
      readonly reasons: readonly TextReason[]
      /** Compliance has yet to be told that the carrier refuses this number. */
      readonly refusalDue: boolean
    }
  | { readonly state: 'failed'; readonly reasons: readonly TextReason[]; readonly countsAsAttempt: true }
  | { readonly state: 'unknown'; readonly reasons: readonly TextReason[] }
  /** Back into the lane, due after a pause. A held text has spent no attempt. */
  | { readonly state: 'ready'; readonly dueInMs: number; readonly countsAsAttempt: boolean }

export interface RetryLimits {
  /** Definite failures after which a text has failed for good. */
  readonly attemptsMax: number
  readonly firstMs: number
  readonly maxMs: number
}

export const defaultRetryLimits: RetryLimits = { attemptsMax: 10, firstMs: 1_000, maxMs: 300_000 }

/** How long a held text waits before it is claimed again; asking is quick once the authority answers. */
const heldForMs = 250
/** A hint stands for up to a minute. */
const hintedForMs = 1_000

export interface SettleInput {
  readonly handOver: HandOver
  /** Definite failures before this attempt. */
  readonly attempts: number
  readonly limits: RetryLimits
  readonly now: Date
  /** Uniform in [0, 1): jitter. */
  readonly random: number
}

/**
 * Decides what becomes of a text after one attempt. Only a definite failure counts as an attempt and is tried
 * again; what the carrier may have taken is unknown and stays so until a receipt tells.
 */
export function settle(input: SettleInput): Settlement {
  const { handOver } = input
  const since = input.now.toISOString()
  switch (handOver.outcome) {
    case 'accepted':
      return { state: 'sent', reasons: [] }
    case 'unknown':
      return { state: 'unknown', reasons: [{ reason: handOver.why, since }] }
    case 'held': {
      const waitMs = handOver.why === 'hinted' ? hintedForMs : heldForMs
      return { state: 'ready', dueInMs: waitMs * (0.75 + input.random / 2), countsAsAttempt: false }
    }
    case 'suppressed':
      return { state: 'suppressed', reasons: blockReasons(handOver.reasons), refusalDue: false }
    case 'unreachable':
      return retry(input, 'carrier-unreachable')
    case 'refused':
      if (handOver.optedOut) {
        return { state: 'suppressed', reasons: [carrierRefusal(since)], refusalDue: true }
      }
      if (isWorthRetrying(handOver)) return retry(input, errorReason(handOver), handOver.retryAfterMs)
      return { state: 'failed', reasons: [{ reason: errorReason(handOver), since }], countsAsAttempt: true }
  }
}

export function carrierRefusal(since: string): TextReason {
  return { reason: 'carrier-refusal', list: 'carrier', since }
}

/** Refused credentials say nothing about the text: an operator mends them, and the text goes out. */
function isWorthRetrying(refused: Extract<HandOver, { outcome: 'refused' }>): boolean {
  return refused.retryable || refused.httpStatus === 401 || refused.httpStatus === 403
}

function errorReason({ code, httpStatus }: Extract<HandOver, { outcome: 'refused' }>): string {
  return code === null ? `carrier-status-${httpStatus}` : `carrier-error-${code}`
}

function retry({ attempts, limits, now, random }: SettleInput, reason: string, afterMs = 0): Settlement {
  if (attempts + 1 >= limits.attemptsMax) {
    const since = now.toISOString()
    return { state: 'failed', reasons: [{ reason, since }], countsAsAttempt: true }
  }
  const full = Math.min(limits.maxMs, limits.firstMs * 2 ** attempts)
  return { state: 'ready', dueInMs: Math.max(afterMs, full * (0.5 + random / 2)), countsAsAttempt: true }
}

import type { Clearance, GateResult, HoldReason, Reason } from '@heed/clearance'
import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'

/** One text as a carrier is given it. */
export interface CarrierText {
  readonly accountId: AccountId
  readonly number: PhoneNumber
  readonly from: PhoneNumber
  readonly body: string
  /** Names this attempt in the carrier's status callbacks. */
  readonly attemptId: string
}

/**
 * The gate, as an adapter asks it: in the tick that writes the first byte, once the connection is up. `write`
 * is called with the clearance that the adapter must redeem; no other way leads to one.
 */
export type AtGate = (
  write: (clearance: Clearance) => void,
) => GateResult<void> | { readonly outcome: 'hold'; readonly why: 'lane' }

/** What a text was sent on, and when. Instants are wall clock, ms since 1970. */
export interface HandOverBasis {
  readonly epoch: Epoch
  readonly rev: number
  readonly gatedAt: number
  readonly writtenAt: number
  /** More than 50 ms lay between gate and first byte (protocol, exception 1). */
  readonly late: boolean
}

/** What became of one attempt. Only `held`, `suppressed` and `unreachable` say that nothing was written. */
export type HandOver =
  /** `lane`: it is not known to be open any more. */
  | { readonly outcome: 'held'; readonly why: HoldReason | 'lane' }
  | {
      readonly outcome: 'suppressed'
      readonly reasons: readonly Reason[]
      readonly epoch: Epoch
      readonly rev: number
    }
  /** No connection came up. A definite failure: nothing was written. */
  | { readonly outcome: 'unreachable'; readonly cause: unknown }
  | { readonly outcome: 'accepted'; readonly providerId: string; readonly basis: HandOverBasis }
  /** The carrier's answer excludes that it took the text. A definite failure. */
  | {
      readonly outcome: 'refused'
      readonly code: number | null
      readonly httpStatus: number
      /** The person opted out with the carrier, by `tellsOptOut` of its code. */
      readonly optedOut: boolean
      /** Nothing was wrong with the text: it may be accepted later. */
      readonly retryable: boolean
      readonly retryAfterMs?: number
      readonly basis: HandOverBasis
    }
  /** Bytes were written and nothing excludes that the carrier took the text. Never sent again by itself. */
  | {
      readonly outcome: 'unknown'
      readonly why: 'no-answer' | 'connection-broken' | 'unclear-answer'
      readonly basis: HandOverBasis
    }

export interface Carrier extends AsyncDisposable {
  /** Hands one text over, at most once, if the gate lets it pass. Never rejects. */
  handOver(text: CarrierText, atGate: AtGate): Promise<HandOver>
}

import type { Asker, Gate } from '@heed/clearance'
import type { AccountId, PhoneNumber } from '@heed/phone'
import type { Clock, Logger, RaiseAlarm, Registry, Timers } from '@heed/service'
import type { Carrier } from '../carrier/carrier.ts'
import type { HandedOver } from '../clearance-audit.ts'
import type { Judgement } from '../domain/judgement.ts'
import type { RetryLimits } from '../domain/settle.ts'
import type { LaneStore } from '../store/lane-store.ts'
import type { NumberPacers } from '../store/number-pacers.ts'
import type { LaneId } from '../store/text-claims.ts'
import type { ClaimedText } from '../store/text-document.ts'
import type { TextStore } from '../store/text-store.ts'
import type { ServerClock } from './server-clock.ts'

export interface DispatcherDeps {
  readonly texts: TextStore
  readonly lanes: LaneStore
  readonly pacers: NumberPacers
  readonly gate: Pick<Gate, 'pass' | 'lacking'>
  readonly asker: Pick<Asker, 'prepare'>
  readonly carrier: Carrier
  readonly clock: Clock
  readonly serverClock: ServerClock
  readonly timers: Timers
  readonly random: () => number
  /** Names a claim; never the same twice. */
  readonly newId: () => string
  readonly log: Logger
  readonly metrics: Registry
  readonly raise: RaiseAlarm
  /** Aborted when the process begins to stop. */
  readonly stopping?: AbortSignal | undefined
  readonly limits?: Partial<DispatchLimits>
  /** One judgement for each text, in order; all go where there is none. What it throws holds the texts. */
  readonly judge?: (texts: readonly ClaimedText[]) => Promise<readonly Judgement[]>
  /** The limit of a sending number in segments a second, where it has one. */
  readonly numberLimit?: (a: AccountId, from: PhoneNumber) => Promise<number | null>
  /** No text of the lane is in this process's hands any more: it may have come to its end. */
  readonly onLaneIdle?: (lane: LaneId) => void
  /** Texts were settled and recorded; a hint, because a crash loses it. */
  readonly onSettled?: (text: ClaimedText) => void
  /** A text was handed over, on this basis. */
  readonly onHandedOver?: (handedOver: HandedOver) => void
  /** A text waits to be told to compliance as refused by the carrier. */
  readonly onRefusal?: () => void
}

export interface DispatchLimits {
  /**
   * Texts with an intent that the carrier has not answered, which is also the number of connections that are needed.
   * Twice as many may have been answered and wait for their result to be recorded.
   */
  readonly inFlightMax: number
  /** Texts claimed by one process. */
  readonly heldMax: number
  /** Lanes worked on at once by one process. */
  readonly lanesMax: number
  readonly leaseMs: number
  readonly retry: RetryLimits
}

import type { AccountId } from '@heed/phone'

/** Why the gate holds a text. All but `hinted` are mended by asking. */
export type HoldReason = 'no-verdict' | 'void' | 'expired' | 'clocks' | 'hinted'

/**
 * What an operator must see. `rollback`: an answer older than one before it, so the authority went back without
 * saying so. `malformed`: an answer that does not fit its question. `inconsistent`: its `allowed` is not what
 * its reasons say. `late`: the first byte came more than 50 ms after the gate. `hints-overflow`: more hints
 * than can be kept, so everything is held.
 */
export type AlarmKind = 'rollback' | 'malformed' | 'inconsistent' | 'hints-overflow'

export interface Alarm {
  readonly kind: AlarmKind
  /** Null where the alarm concerns every account. */
  readonly accountId: AccountId | null
}

/** What the gate tells its observers. None of it carries a number. What a hook throws is ignored. */
export interface GateHooks {
  onHold?(why: HoldReason): void
  onSuppress?(): void
  /** Age of a verdict that let a text pass, from the instant before it was asked for, in ms. */
  onVerdictAge?(ageMs: number): void
  onAlarm?(alarm: Alarm): void
}

/**
 * The hooks, each made unable to throw: an observer's fault must not make a text that was written look as if
 * it were not.
 */
export function quietHooks(hooks: GateHooks): Required<GateHooks> {
  return {
    onHold: quiet(hooks.onHold?.bind(hooks)),
    onSuppress: quiet(hooks.onSuppress?.bind(hooks)),
    onVerdictAge: quiet(hooks.onVerdictAge?.bind(hooks)),
    onAlarm: quiet(hooks.onAlarm?.bind(hooks)),
  }
}

/** The same observer, unable to throw. One argument, because the gate tells of each text. */
export function quiet<Told>(tell: ((told: Told) => void) | undefined): (told?: Told) => void {
  if (tell === undefined) return () => {}
  return (told) => {
    try {
      tell(told as Told)
    } catch {
      // Observing is not part of the promise.
    }
  }
}

import { type AlarmKind, clearanceMetrics, clockSource, type GateHooks, type GateSize } from '@heed/clearance'
import type { AlarmName, Logger, RaiseAlarm, Registry } from '@heed/service'

const alarmOf: Record<AlarmKind, AlarmName> = {
  rollback: 'rollback-seen',
  malformed: 'answer-unfit',
  inconsistent: 'answer-unfit',
  'hints-overflow': 'hints-overflow',
}

/** A clock that was set once takes away the verdicts of that instant; this many mean that it happens on and on. */
const clocksInRowMax = 50

/** Counts what the gate does, and raises its alarms. What a text that passes costs here is a sum and an assignment. */
export function watchGate(deps: { metrics: Registry; raise: RaiseAlarm; size: () => GateSize }): GateHooks {
  const counting = clearanceMetrics(deps.metrics, deps.size)
  let clocksInRow = 0
  return {
    ...counting,
    onVerdictAge(ageMs) {
      clocksInRow = 0
      counting.onVerdictAge(ageMs)
    },
    onHold(why) {
      counting.onHold(why)
      if (why !== 'clocks') return
      clocksInRow += 1
      if (clocksInRow >= clocksInRowMax) deps.raise('clocks-apart', { holdsInRow: clocksInRow })
    },
    onAlarm(alarm) {
      counting.onAlarm(alarm)
      const where = alarm.accountId === null ? {} : { account: alarm.accountId }
      deps.raise(alarmOf[alarm.kind], { ...where, kind: alarm.kind })
    },
  }
}

/** Sources that a hypervisor keeps for its guest: they may stand still while the guest is paused. */
const stopping = /^(kvm-clock|xen|hyperv_clocksource)/

/** Says which clock the kernel goes by, and whether a pause of this machine could go unseen under it. */
export async function reportClock(log: Logger, raise: RaiseAlarm, read = clockSource): Promise<void> {
  const source = await read()
  log.info({ clockSource: source }, 'clock source')
  if (source !== null && stopping.test(source)) raise('clock-stops', { clockSource: source })
}

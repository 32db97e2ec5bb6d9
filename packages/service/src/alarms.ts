import { Counter, type Registry } from 'prom-client'
import { type AlarmName, alarmCatalogue } from './alarm-catalogue.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Logger } from './logger.ts'

/** Raises an alarm. Fields say where: an account, a stream, an age; never a number. */
export type RaiseAlarm = (name: AlarmName, fields?: Readonly<Record<string, unknown>>) => void

const repeatAfterMs = 60_000
const metricName = 'heed_alarms_total'

/**
 * One line of level error for each alarm, with its name in `alarm` and what to do in `todo`: at once, and then at
 * most once a minute while it goes on, saying how often meanwhile. Each one is counted.
 */
export function openAlarms(deps: {
  log: Pick<Logger, 'error'>
  metrics?: Registry
  clock?: Pick<Clock, 'monoMs'>
}): RaiseAlarm {
  const clock = deps.clock ?? systemClock
  const count = deps.metrics ? counterIn(deps.metrics) : null
  const told = new Map<AlarmName, { at: number; untold: number }>()
  return (alarm, fields = {}) => {
    count?.inc({ alarm })
    const now = clock.monoMs()
    const last = told.get(alarm)
    if (last && now - last.at < repeatAfterMs) {
      last.untold += 1
      return
    }
    const { line, todo } = alarmCatalogue[alarm]
    const meanwhile = last && last.untold > 0 ? { alsoTimes: last.untold } : {}
    told.set(alarm, { at: now, untold: 0 })
    deps.log.error({ ...fields, ...meanwhile, alarm, todo }, line)
  }
}

/** Several parts of a service raise alarms into one counter. All names are there from the start, at 0. */
function counterIn(registry: Registry): Counter<'alarm'> {
  const standing = registry.getSingleMetric(metricName)
  if (standing instanceof Counter) return standing as Counter<'alarm'>
  const counter = new Counter({
    name: metricName,
    help: 'Alarms raised, by name (docs/operations.md); any is worth a look.',
    labelNames: ['alarm'],
    registers: [registry],
  })
  for (const alarm of Object.keys(alarmCatalogue)) counter.inc({ alarm }, 0)
  return counter
}

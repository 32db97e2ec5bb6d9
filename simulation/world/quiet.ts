import type { Logger } from '@heed/service'

/** Tells nobody, but for what an operator would be woken for. */
export function quietLog(onFatal: (message: string) => void): Logger {
  const nothing = () => {}
  const log = {
    level: 'silent',
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    fatal: (_fields: object, message: string) => onFatal(message),
    silent: nothing,
  }
  return log as unknown as Logger
}

const counter = { inc: () => {}, observe: () => {}, set: () => {} }

/** Counts nothing: metrics are not what is judged here, and cost more than most of the code that is. */
export const noMetrics = new Proxy({}, { get: () => counter })

import type { Logger } from '@heed/service'

export interface LogLine {
  level: string
  message: string
  fields: unknown
}

/** Keeps what is logged, so that a test can say what an operator sees and what nobody may see. */
export function testLog(): Logger & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = []
  const keep =
    (level: string) =>
    (fields: unknown, message = '') => {
      lines.push(
        typeof fields === 'string' ? { level, message: fields, fields: {} } : { level, message, fields },
      )
    }
  const log = Object.fromEntries(
    ['debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, keep(level)]),
  ) as unknown as Logger
  return { ...log, lines }
}

import { pino } from 'pino'

export type Logger = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>

const numberLike = /\+[1-9]\d{6,14}(?!\d)/g

/**
 * JSON lines on standard output, with the whole chain of an error's causes. Whatever looks like an E.164
 * number is cut from the finished line, so that a careless field or a driver's message cannot leak one (D1).
 */
export function createLogger(service: string, level: string): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorChain, error: errorChain },
    },
    { write: (line: string) => process.stdout.write(line.replace(numberLike, '+[number]')) },
  )
}

/** Outer first, each with its own message and code; the stack of the innermost only. */
export function errorChain(error: unknown): unknown {
  const chain: { name: string; message: string; code?: unknown }[] = []
  let stack: string | undefined
  for (let at: unknown = error; at instanceof Error && chain.length < 8; at = at.cause) {
    const code = 'code' in at ? at.code : undefined
    chain.push({ name: at.name, message: at.message, ...(code === undefined ? {} : { code }) })
    stack = at.stack
  }
  return chain.length === 0 ? String(error) : { chain, stack }
}

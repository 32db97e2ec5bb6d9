import { createHash } from 'node:crypto'

/** A short mark of what must not stand in a source in the clear, or is too long for it. */
export const markOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 24)

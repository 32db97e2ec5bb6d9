import { randomBytes } from 'node:crypto'

const time = (now: number) => now.toString(36).padStart(9, '0')

/** In order of time, so that the newest come first by id. */
export function newSequenceId(): string {
  return `sq_${time(Date.now())}${randomBytes(8).toString('hex')}`
}

/** In order of time, and of one call in the order given. */
export function newEnrolmentIds(count: number): string[] {
  const batch = `en_${time(Date.now())}${randomBytes(8).toString('hex')}`
  return Array.from({ length: count }, (_, index) => `${batch}${String(index).padStart(4, '0')}`)
}

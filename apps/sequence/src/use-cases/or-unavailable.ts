import { isUnknownOutcome } from '@heed/mongo'
import { DomainError } from '@heed/rpc'

/** The same use case, but that an outage of the database is told as what it is: worth another call. */
export function orUnavailable<Given extends unknown[], Result>(
  run: (...given: Given) => Promise<Result>,
): (...given: Given) => Promise<Result> {
  return async (...given) => {
    try {
      return await run(...given)
    } catch (cause) {
      if (!isUnknownOutcome(cause)) throw cause
      throw new DomainError('unavailable', { detail: 'the database does not answer', cause })
    }
  }
}

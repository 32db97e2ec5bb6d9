import { setTimeout as sleep } from 'node:timers/promises'
import { refusalReason } from '@heed/rpc'
import { backoffMs } from '@heed/service'

const attemptsMax = 30

/** Calls again while compliance is away or has too much to do, for about a minute; a refusal is told at once. */
export async function insist<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      const reason = refusalReason(error)
      const isWorthIt = reason === undefined || reason === 'unavailable' || reason === 'limit-reached'
      if (!isWorthIt || attempt === attemptsMax) throw error
      await sleep(backoffMs(attempt, { firstMs: 50, maxMs: 2_000 }, Math.random))
    }
  }
}

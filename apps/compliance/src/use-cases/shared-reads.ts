import { checkAccountsMax, checkNumbersMax } from '@heed/clearance'
import type { AccountState } from './safe-read.ts'

type Wanted = ReadonlyMap<string, ReadonlySet<string>>
type Answer = ReadonlyMap<string, AccountState>

const readsMax = 4
/** A read that takes longer than this does not hold the next one. */
const stalledAfterMs = 5

interface Waiting {
  readonly wanted: Wanted
  readonly numbers: number
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/**
 * Lets requests share safe reads: those that wait for the next read go into it together. None joins a read that
 * is under way already, so each answer comes from a read that began after its request arrived.
 */
export function sharedReads(deps: {
  read: (wanted: Wanted) => Promise<Answer>
  after: (ms: number, run: () => void) => void
}): (wanted: Wanted) => Promise<Answer> {
  const waiting: Waiting[] = []
  let underWay = 0
  let isFresh = false

  const begin = () => {
    if (waiting.length === 0 || underWay >= readsMax || (underWay > 0 && isFresh)) return
    const batch = takeBatch(waiting)
    underWay += 1
    isFresh = true
    deps.after(stalledAfterMs, () => {
      isFresh = false
      begin()
    })
    void deps
      .read(union(batch))
      .then(
        (answer) => {
          for (const request of batch) request.resolve(answer)
        },
        (error) => {
          for (const request of batch) request.reject(error)
        },
      )
      .finally(() => {
        underWay -= 1
        isFresh = false
        begin()
      })
  }

  return (wanted) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const numbers = [...wanted.values()].reduce((sum, set) => sum + set.size, 0)
    waiting.push({ wanted, numbers, resolve, reject })
    begin()
    return promise
  }
}

/** The first request, and as many after it as fit one read. */
function takeBatch(waiting: Waiting[]): Waiting[] {
  const accounts = new Set<string>()
  let numbers = 0
  let count = 0
  for (const request of waiting) {
    for (const account of request.wanted.keys()) accounts.add(account)
    numbers += request.numbers
    if (count > 0 && (accounts.size > checkAccountsMax || numbers > checkNumbersMax)) break
    count += 1
  }
  return waiting.splice(0, count)
}

function union(batch: readonly Waiting[]): Wanted {
  const [only] = batch
  if (batch.length === 1 && only) return only.wanted
  const all = new Map<string, Set<string>>()
  for (const { wanted } of batch) {
    for (const [account, numbers] of wanted) {
      const into = all.get(account) ?? new Set()
      for (const number of numbers) into.add(number)
      all.set(account, into)
    }
  }
  return all
}

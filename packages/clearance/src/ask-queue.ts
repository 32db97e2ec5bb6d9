import type { AccountId, PhoneNumber } from '@heed/phone'
import type { Question } from './gate-state.ts'
import { checkAccountsMax, checkNumbersMax } from './protocol.ts'
import type { NumbersOfAccount } from './questions.ts'
import type { Lacking } from './standing.ts'

/** The numbers that one caller waits for, and the questions that will bring them. */
export interface AskJob {
  readonly accountId: AccountId
  readonly numbers: readonly PhoneNumber[]
  /** How many of `numbers` have been put into a call, or needed none. */
  next: number
  readonly questions: Set<Question>
}

/** What goes into one call, whom it serves, and which jobs have now been put into calls whole. */
export interface Batch<Job extends AskJob> {
  readonly asks: readonly NumbersOfAccount[]
  readonly served: ReadonlySet<Job>
  readonly ended: readonly Job[]
}

type Look = (accountId: AccountId, numbers: readonly PhoneNumber[]) => Lacking

/**
 * Jobs that wait for a call, by account. An account's jobs are served in order; accounts share each call
 * equally and take turns, so that a broadcast to a million does not hold up an account that texts one (E9).
 */
export function askQueue<Job extends AskJob>(look: Look) {
  const accounts = new Map<AccountId, Job[]>()
  return {
    get isEmpty() {
      return accounts.size === 0
    },
    /** Numbers that wait to be put into a call; one that two jobs wait for counts twice. */
    get waiting() {
      let numbers = 0
      for (const jobs of accounts.values()) for (const job of jobs) numbers += job.numbers.length - job.next
      return numbers
    },
    add(job: Job): void {
      const jobs = accounts.get(job.accountId)
      if (jobs === undefined) accounts.set(job.accountId, [job])
      else jobs.push(job)
    },
    /** Takes what fits into one call, and leaves out what is fresh or already being asked for. */
    fill(): Batch<Job> {
      const filling: Filling<Job> = {
        look,
        room: checkNumbersMax,
        asks: new Map(),
        served: new Set(),
        ended: [],
      }
      const chosen = [...accounts].slice(0, checkAccountsMax)
      const share = Math.floor(checkNumbersMax / Math.max(1, chosen.length))
      for (const [, jobs] of chosen) take(filling, jobs, share)
      for (const [, jobs] of chosen) take(filling, jobs, filling.room)
      for (const [accountId, jobs] of chosen) {
        accounts.delete(accountId)
        if (jobs.length > 0) accounts.set(accountId, jobs)
      }
      const asks = [...filling.asks].map(([accountId, numbers]) => ({ accountId, numbers: [...numbers] }))
      return { asks, served: filling.served, ended: filling.ended }
    },
    /** Takes every job out. */
    drain(): readonly Job[] {
      const jobs = [...accounts.values()].flat()
      accounts.clear()
      return jobs
    },
  }
}

interface Filling<Job> {
  readonly look: Look
  room: number
  readonly asks: Map<AccountId, Set<PhoneNumber>>
  readonly served: Set<Job>
  readonly ended: Job[]
}

/** Moves at most `share` numbers of one account's jobs into the call. Jobs that end leave `jobs`. */
function take<Job extends AskJob>(filling: Filling<Job>, jobs: Job[], share: number): void {
  let left = Math.min(share, filling.room)
  for (let job = jobs[0]; job !== undefined && left > 0; job = jobs[0]) {
    const slice = job.numbers.slice(job.next, job.next + left)
    const { numbers, underWay } = filling.look(job.accountId, slice)
    for (const question of underWay) job.questions.add(question)
    if (numbers.length > 0) {
      const asked = filling.asks.get(job.accountId) ?? new Set<PhoneNumber>()
      filling.asks.set(job.accountId, asked)
      const before = asked.size
      for (const number of numbers) asked.add(number)
      filling.room -= asked.size - before
      left -= asked.size - before
      filling.served.add(job)
    }
    job.next += slice.length
    if (job.next < job.numbers.length) continue
    jobs.shift()
    filling.ended.push(job)
  }
}

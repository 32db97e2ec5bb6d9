import type { AccountId, PhoneNumber } from '@heed/phone'
import { z } from 'zod'
import { type AskJob, askQueue } from './ask-queue.ts'
import { boundedCall } from './bounded-call.ts'
import type { Gate } from './gate.ts'
import type { Question } from './gate-state.ts'
import { quiet } from './hooks.ts'
import { isPlainAnswer } from './plain.ts'
import { checkCallsMax, deadlineMs, gatherMs, gatherNumbers, leaseMs } from './protocol.ts'
import type { AskOutcome, NumbersOfAccount } from './questions.ts'
import type { Scheduler } from './scheduler.ts'
import { CheckAnswer, type CheckInput } from './verdict.ts'

/** What became of a `prepare`. Not knowing is a value: the gate holds the numbers in `unknown`. */
export interface Prepared {
  /** Numbers whose texts the gate would hold now; ask again after a pause. */
  readonly unknown: readonly PhoneNumber[]
  /** Why, where an answer was missing or refused; null where all came, or an event overtook them. */
  readonly reason: Exclude<AskOutcome, 'taken'> | null
}

export interface Asker extends AsyncDisposable {
  /**
   * Asks for verdicts on what will be handed over within about half a lease, and resolves when each number has
   * been answered or has failed: within 450 ms of being sent, and once a slot is free. Never rejects. It asks
   * once and does not repeat; pausing between attempts is the caller's, beyond the asker's own pause after calls
   * that failed as a whole.
   */
  prepare(accountId: AccountId, numbers: readonly PhoneNumber[]): Promise<Prepared>
  /** How much waits and is under way, for metrics. */
  depth(): { readonly numbers: number; readonly calls: number }
}

export interface AskerDependencies {
  readonly gate: Gate
  /** Calls `clearance.check`. The signal aborts at the deadline; what it resolves to is parsed here. */
  readonly check: (input: CheckInput, signal: AbortSignal) => Promise<unknown>
  readonly scheduler: Scheduler
  /** Uniform in [0, 1): the jitter of the pause after failed calls. */
  readonly random: () => number
  /** Told of each call that failed as a whole, with what `check` threw. */
  readonly onCallFailed?: (cause: unknown) => void
}

/** The longest pause after calls that failed as a whole; half a lease, so that sending resumes within 2 L (E12). */
const pauseMaxMs = leaseMs / 2
const pauseFirstMs = 20

type Failure = Exclude<AskOutcome, 'taken'>
type Failures = ReadonlyMap<AccountId, Failure>

interface Job extends AskJob {
  readonly done: (prepared: Prepared) => void
}

const Answers = z.array(z.unknown())

/** Asks for all accounts of the process: what comes together goes together, at most 4 calls under way. Disposing fails what waits. */
export function createAsker(dependencies: AskerDependencies): Asker {
  return new BatchingAsker(dependencies)
}

class BatchingAsker implements Asker {
  readonly #given: AskerDependencies
  readonly #tellFailed: (cause: unknown) => void
  readonly #queue: ReturnType<typeof askQueue<Job>>
  /** Calls under way, each with what its settling resolves to. */
  readonly #calls = new Map<AbortController, Promise<Failures>>()
  readonly #settled = new WeakMap<Question, Promise<Failures>>()
  #flushing = false
  #closed = false
  #failedInRow = 0
  #endPause: (() => void) | null = null
  /** Set for a while after each call: what comes meanwhile goes together. */
  #endGathering: (() => void) | null = null
  #cancelSweep: (() => void) | null = null

  constructor(given: AskerDependencies) {
    this.#given = given
    this.#tellFailed = quiet(given.onCallFailed)
    this.#queue = askQueue<Job>(given.gate.lacking)
  }

  prepare(accountId: AccountId, numbers: readonly PhoneNumber[]): Promise<Prepared> {
    if (numbers.length === 0) return Promise.resolve({ unknown: [], reason: null })
    if (this.#closed) return Promise.resolve({ unknown: numbers, reason: 'unavailable' })
    return new Promise((done) => {
      this.#queue.add({ accountId, numbers, next: 0, questions: new Set(), done })
      if (this.#flushing) return
      this.#flushing = true
      this.#given.scheduler.soon(() => {
        this.#flushing = false
        this.#flush()
      })
    })
  }

  depth(): { numbers: number; calls: number } {
    return { numbers: this.#queue.waiting, calls: this.#calls.size }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#endPause?.()
    this.#endGathering?.()
    this.#cancelSweep?.()
    for (const abort of this.#calls.keys()) abort.abort(new Error('the asker is closed'))
    await Promise.all(this.#calls.values())
    for (const job of this.#queue.drain()) job.done({ unknown: job.numbers, reason: 'unavailable' })
  }

  #flush(): void {
    while (!this.#closed && this.#endPause === null && !this.#queue.isEmpty) {
      if (this.#calls.size >= checkCallsMax) return
      if (this.#endGathering !== null && this.#queue.waiting < gatherNumbers) return
      const { asks, served, ended } = this.#queue.fill()
      if (asks.length > 0) {
        const question = this.#send(asks)
        for (const job of served) job.questions.add(question)
      }
      for (const job of ended) void this.#finish(job)
    }
  }

  #send(asks: readonly NumbersOfAccount[]): Question {
    this.#gather()
    const question = this.#given.gate.ask(asks)
    const abort = new AbortController()
    const settled = this.#settle(question, abort)
    this.#calls.set(abort, settled)
    this.#settled.set(question, settled)
    return question
  }

  #gather(): void {
    this.#endGathering?.()
    this.#endGathering = this.#given.scheduler.after(gatherMs, () => {
      this.#endGathering = null
      this.#flush()
    })
  }

  async #settle(question: Question, abort: AbortController): Promise<Failures> {
    const { gate, check, scheduler } = this.#given
    const bound = { abort, boundMs: deadlineMs, scheduler }
    const result = await boundedCall((signal) => check(question.input, signal), bound)
    const answers =
      'value' in result ? Answers.safeParse(result.value) : { success: false as const, error: result.cause }
    this.#calls.delete(abort)
    let outcomes: readonly AskOutcome[] = []
    if (answers.success) {
      this.#failedInRow = 0
      // One by one, so that an answer that cannot be read is its own account's trouble (E9).
      const read = answers.data.map(readAnswer)
      outcomes = gate.onAnswer(question, read)
    } else {
      gate.onFailure(question)
      this.#tellFailed(answers.error)
      this.#pause()
    }
    this.#sweepLater()
    this.#flush()
    return failuresOf(question, outcomes)
  }

  async #finish(job: Job): Promise<void> {
    const failures = await Promise.all([...job.questions].map((question) => this.#settled.get(question)))
    const unknown = this.#given.gate.unknown(job.accountId, job.numbers)
    const reasons = failures.map((each) => each?.get(job.accountId)).filter((each) => each !== undefined)
    job.done({ unknown, reason: reasons[0] ?? null })
  }

  /** Full jitter below a bound that doubles with each failure, so that senders do not come back all at once. */
  #pause(): void {
    const boundMs = Math.min(pauseMaxMs, pauseFirstMs * 2 ** this.#failedInRow)
    this.#failedInRow += 1
    this.#endPause?.()
    if (this.#closed) return
    this.#endPause = this.#given.scheduler.after(this.#given.random() * boundMs, () => {
      this.#endPause = null
      this.#flush()
    })
  }

  /** Once asking stops, nobody but this clears away what has expired. */
  #sweepLater(): void {
    if (this.#closed || this.#cancelSweep !== null) return
    this.#cancelSweep = this.#given.scheduler.after(leaseMs, () => {
      this.#cancelSweep = null
      this.#given.gate.sweep()
      const { accounts, hints } = this.#given.gate.size()
      if (accounts + hints > 0) this.#sweepLater()
    })
  }
}

function failuresOf(question: Question, outcomes: readonly AskOutcome[]): Failures {
  const failures = new Map<AccountId, Failure>()
  for (const [index, { accountId }] of question.input.asks.entries()) {
    const outcome = outcomes[index] ?? 'unavailable'
    if (outcome !== 'taken') failures.set(accountId, outcome)
  }
  return failures
}

function readAnswer(answer: unknown): CheckAnswer | null {
  return isPlainAnswer(answer) ? answer : (CheckAnswer.safeParse(answer).data ?? null)
}

import { within } from '../deadline.ts'
import type { InboundMessage } from '../domain/inbound-message.ts'
import type { Reply } from '../domain/reply.ts'
import { messageSteps, type Outcome, type StepDeps } from './bring-through.ts'
import type { Hints } from './hints.ts'

/** Messages at work at a time; what comes beyond is journaled and waits its turn. */
export const atWorkMax = 2_000

export interface Receiving {
  /** Whether the journal has it; known within about half a second. */
  readonly journaled: Promise<boolean>
  /** Never rejects. */
  readonly outcome: Promise<Outcome>
}

export type Received =
  | { readonly state: 'settled'; readonly reply: Reply | null }
  | { readonly state: 'waiting'; readonly isDurable: boolean }

export interface InboxDeps extends StepDeps {
  readonly hints: Pick<Hints, 'soon'>
  readonly sendLateReply: (message: InboundMessage, reply: Reply) => Promise<void>
}

const waiting: Outcome = { state: 'waiting', for: 'compliance' }

/** Somebody who is told the outcome once: a webhook whose carrier waits for the answer. */
interface Caller {
  tell(outcome: Outcome, reply: Reply | null): void
}

interface Work {
  isDurable: boolean
  /** Callers that can still be answered, in the order they came; the first is given the reply. */
  readonly callers: Set<Caller>
  /** Set when the callers were told. */
  told: Outcome | null
  readonly receiving: Receiving
}

/**
 * Brings each message through once at a time, whoever asks: journal and compliance side by side, then the person's
 * reply, the collection of what arrived. A message leaves the journal when all of that is done.
 */
export function openInbox(deps: InboxDeps) {
  const steps = messageSteps(deps)
  const atWork = new Map<string, Work>()

  const tellCallers = async (work: Work, message: InboundMessage, outcome: Outcome): Promise<void> => {
    let reply = outcome.state === 'settled' ? outcome.settled.reply : null
    work.told = outcome
    for (const caller of work.callers) {
      caller.tell(outcome, reply)
      reply = null
    }
    if (reply !== null) await deps.sendLateReply(message, reply)
  }

  const begin = (message: InboundMessage, isJournaled: boolean): Work => {
    const journaled = Promise.withResolvers<boolean>()
    const outcome = Promise.withResolvers<Outcome>()
    const work: Work = {
      isDurable: isJournaled,
      callers: new Set(),
      told: null,
      receiving: { journaled: journaled.promise, outcome: outcome.promise },
    }
    const isCrowded = atWork.size >= atWorkMax
    atWork.set(message.id, work)
    const bringThrough = async (): Promise<Outcome> => {
      using hint = deps.hints.soon(message)
      const keeping = isJournaled ? Promise.resolve() : steps.journal(message, () => (work.isDurable = true))
      const kept = keeping.then(() => journaled.resolve(work.isDurable))
      if (isCrowded) await kept
      if (isCrowded && work.isDurable) return waiting
      const ended = await steps.settle(message, isJournaled ? 'once' : 'a-while')
      if (ended.state === 'settled') hint[Symbol.dispose]()
      // Whoever is told of success may forget the text: what is still to be done with it must stand in the journal.
      await kept
      await tellCallers(work, message, ended)
      if (ended.state === 'settled') await steps.leaveJournal(message, ended.settled)
      return ended
    }
    const end = async () => {
      const ended = await bringThrough().catch((error: unknown): Outcome => {
        deps.log.error({ err: error, message: message.id }, 'a text could not be brought through')
        return waiting
      })
      atWork.delete(message.id)
      if (work.told === null) await tellCallers(work, message, ended)
      outcome.resolve(ended)
    }
    void end()
    return work
  }

  return {
    /** Answers within `withinMs` with what is known by then; the work goes on. */
    receive(message: InboundMessage, withinMs: number): Promise<Received> {
      const work = atWork.get(message.id) ?? begin(message, false)
      const { promise, resolve } = Promise.withResolvers<Received>()
      const caller: Caller = {
        tell(outcome, reply) {
          cancel()
          work.callers.delete(caller)
          resolve(received(outcome, reply, work))
        },
      }
      const cancel = deps.timers.after(Math.max(0, withinMs), () => caller.tell(waiting, null))
      if (work.told === null) work.callers.add(caller)
      else caller.tell(work.told, null)
      return promise
    },

    /** Takes a message that nobody waits to be answered for: from the poll, or from the durable list. */
    take: (message: InboundMessage): Receiving => (atWork.get(message.id) ?? begin(message, false)).receiving,

    /** Tries a journaled message once more, unless it is at work. */
    resume: (message: InboundMessage): Promise<Outcome> | null =>
      atWork.has(message.id) ? null : begin(message, true).receiving.outcome,

    atWork: () => atWork.size,

    /** Waits for what is at work, at most 2 s; the journal has the rest. */
    async [Symbol.asyncDispose]() {
      const all = Promise.all([...atWork.values()].map(({ receiving }) => receiving.outcome))
      await within(all, 2_000, deps.timers)
    },
  }
}
export type Inbox = ReturnType<typeof openInbox>

function received({ state }: Outcome, reply: Reply | null, { isDurable }: Work): Received {
  return state === 'settled' ? { state, reply } : { state, isDurable }
}

import { everyAccount } from '@heed/events'
import type { PhoneNumber } from '@heed/phone'
import type { AccountVerdicts, CheckAnswer, GateEvent, GateHint, Question, Reason } from '../src/index.ts'
import type { HandClock } from './support.ts'

interface NaiveVerdict {
  readonly reasons: readonly Reason[]
  readonly epoch: string
  readonly rev: number
  readonly askedAt: number
  readonly until: number
  readonly apartMs: number
}

/** When something happened, counted; the clock may stand still between two happenings. */
interface Asked {
  readonly order: number
  readonly apartMs: number
}

const key = (account: string, number: string) => `${account}/${number}`

/**
 * Section 5 of the protocol, word for word and as slow as it reads: hardly anything is forgotten, and each rule
 * is looked up in everything that has happened. The numbers are written out, so that it shares none with the
 * gate.
 */
export function naiveGate(clock: HandClock) {
  const verdicts = new Map<string, NaiveVerdict>()
  const voidBefore = new Map<string, number>()
  const hints = naiveHints(clock)
  const revs = naiveRevs()
  const open = new Map<Question, Asked>()
  const apartMs = () => clock.wallMs() - clock.monoMs()
  let order = 0

  function store(
    question: Question,
    asked: Asked,
    accountId: string,
    number: PhoneNumber,
    answer: AccountVerdicts,
  ) {
    const { epoch, rev, leaseMs } = answer
    const place = question.input.asks.find((ask) => ask.accountId === accountId)?.numbers.indexOf(number)
    const reasons = answer.verdicts[place ?? -1]?.reasons ?? []
    const { askedAt } = question
    const held = verdicts.get(key(accountId, number))
    if (held && held.askedAt > askedAt) return
    if (held && held.askedAt === askedAt && held.epoch === epoch && held.rev > rev) return
    const until = askedAt + Math.min(leaseMs, 500) - 25
    verdicts.set(key(accountId, number), { reasons, epoch, rev, askedAt, until, apartMs: asked.apartMs })
  }

  return {
    asked(question: Question) {
      order += 1
      open.set(question, { order, apartMs: apartMs() })
    },
    answered(question: Question, answers: readonly CheckAnswer[]) {
      const asked = open.get(question)
      open.delete(question)
      if (asked === undefined) throw new Error('answered twice')
      order += 1
      question.input.asks.forEach(({ accountId, numbers }, index) => {
        const answer = answers[index]
        if (answer === undefined || 'error' in answer || !revs.admits(accountId, answer, asked.order)) return
        revs.see(accountId, answer, order)
        for (const number of numbers) store(question, asked, accountId, number, answer)
      })
    },
    failed(question: Question) {
      open.delete(question)
    },
    heard(event: GateEvent) {
      hints.end(event)
      const { account, number } = event
      const held = verdicts.get(key(account, number))
      const voided = voidBefore.get(key(account, number)) ?? -1
      const isHeld = held !== undefined && clock.monoMs() < held.until && held.askedAt > voided
      const young = [...open.keys()].filter(({ askedAt }) => clock.monoMs() - askedAt < 500)
      const asks = young.flatMap(({ input }) => input.asks)
      const isAskedFor = asks.some((ask) => ask.accountId === account && ask.numbers.includes(number))
      if (!isHeld && !isAskedFor) return
      verdicts.delete(key(account, number))
      voidBefore.set(key(account, number), clock.monoMs())
    },
    hinted: hints.begin,
    /** Nobody asked for a minute: the revs seen may be forgotten, but for what was asked before and is still open. */
    rested: () => revs.forget(order),
    says(account: string, number: string): string {
      const now = clock.monoMs()
      const held = verdicts.get(key(account, number))
      if (held === undefined || held.askedAt <= (voidBefore.get(key(account, number)) ?? -1)) return 'ask'
      if (now >= held.until || Math.abs(apartMs() - held.apartMs) > 20) return 'ask'
      if (hints.hold(account, number)) return 'hinted'
      return `${held.reasons.length > 0 ? 'suppressed' : 'passed'} ${held.epoch}/${held.rev}`
    },
  }
}

function naiveHints(clock: HandClock) {
  const hints: (GateHint & { readonly until: number; ended: boolean })[] = []
  const heard: (GateEvent & { readonly at: number })[] = []
  const isFor = (hint: GateHint, account: string, number: string) =>
    (hint.account === account || hint.account === everyAccount) && hint.number === number
  return {
    begin(hint: GateHint) {
      const now = clock.monoMs()
      const isKnown = heard.some(
        ({ account, number, source, at }) =>
          isFor(hint, account, number) && source === hint.source && now < at + 10_000,
      )
      if (!isKnown) hints.push({ ...hint, until: now + 60_000, ended: false })
    },
    end(event: GateEvent) {
      const { account, number, source } = event
      heard.push({ ...event, at: clock.monoMs() })
      for (const hint of hints) if (isFor(hint, account, number) && hint.source === source) hint.ended = true
    },
    hold: (account: string, number: string) =>
      hints.some((hint) => isFor(hint, account, number) && !hint.ended && clock.monoMs() < hint.until),
  }
}

function naiveRevs() {
  const seen: { account: string; epoch: string; rev: number; order: number; forgotten: number }[] = []
  return {
    see(account: string, { epoch, rev }: AccountVerdicts, order: number) {
      seen.push({ account, epoch, rev, order, forgotten: Number.POSITIVE_INFINITY })
    },
    admits: (account: string, { epoch, rev }: AccountVerdicts, askedOrder: number) =>
      !seen.some(
        (one) =>
          one.account === account &&
          one.epoch === epoch &&
          one.rev > rev &&
          one.order < askedOrder &&
          askedOrder <= one.forgotten,
      ),
    forget(order: number) {
      for (const one of seen) one.forgotten = Math.min(one.forgotten, order)
    },
  }
}

import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import fc from 'fast-check'
import type { procedures } from './instance.ts'
import { textedStop } from './start-compliance.ts'

export const people = ['+15550001111', '+15550002222', '+15550003333'] as PhoneNumber[]
export const firstInstant = Date.parse('2026-01-01T00:00:00Z')
const at = (second: number) => new Date(firstInstant + second * 1_000).toISOString()

const person = fc.nat(people.length - 1)
const list = fc.constantFrom('own', 'carrier', 'dnc', 'news', 'constructor')
const source = fc.nat(5)
const second = fc.nat(20)
const writers = { carrier: 'sender', dnc: 'admin' } as const

/** One thing that somebody does to an account, or that an instance does by itself. */
export const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('stop'), source }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tick'), person, source, list }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('import'), source }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('start'),
      source,
      sentAt: fc.option(second, { nil: undefined }),
      blockTimes: fc.dictionary(fc.constantFrom('m0', 'm1', 'm2', 'm3', 'm4', 'm5'), second),
      onlyIfBlocked: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('by hand'),
      person,
      source,
      list,
      rev: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('settings'), heed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fold') }) },
)
export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

export interface Whose {
  readonly accountId: AccountId
  readonly businessNumber: PhoneNumber
  readonly epoch: Epoch
}

type Doors = ReturnType<typeof procedures> & { fold: (accountId: string) => Promise<void> }

/** Does one step over the procedures. A refusal is an answer: its reason. */
export async function act(doors: Doors, whose: Whose, step: Step): Promise<unknown> {
  try {
    return await dispatch(doors, whose, step)
  } catch (error) {
    const cause = error instanceof Error ? error.cause : null
    if (cause instanceof DomainError) return { refused: cause.reason }
    throw error
  }
}

async function dispatch(
  doors: Doors,
  { accountId, businessNumber, epoch }: Whose,
  step: Step,
): Promise<unknown> {
  switch (step.kind) {
    case 'stop':
      return doors.inbound.consent.optOut({ businessNumber, ...texted(step, `m${step.source}`, 'STOP') })
    case 'tick': {
      const { list } = step
      const role = list === 'carrier' || list === 'dnc' ? writers[list] : 'operator'
      const what = { accountId, numbers: [personOf(step)], list, cause: 'manual', source: `t${step.source}` }
      return doors[role].consent.optOut(what)
    }
    case 'import': {
      const what = { accountId, numbers: people, cause: 'import', source: `i${step.source}` }
      return doors.operator.consent.optOut(what)
    }
    case 'start':
      return doors.inbound.consent.optIn(startOf(businessNumber, step))
    case 'by hand':
      return doors.admin.consent.optIn({
        accountId,
        number: personOf(step),
        list: step.list,
        cause: 'manual',
        source: `h${step.source}`,
        basis: { epoch, rev: step.rev },
        note: 'asked by phone',
      })
    case 'settings':
      return doors.admin.accounts.settings.set({
        accountId,
        settings: { keywordReplies: step.heed ? 'heed' : 'carrier', manualOptInOverTexted: step.heed },
      })
    case 'fold':
      return doors.fold(accountId)
  }
}

const personOf = ({ person }: { person: number }) => people[person] as PhoneNumber
/** A carrier's message has one sender. */
const senderOf = ({ source }: { source: number }) => people[source % people.length] as PhoneNumber

function texted(step: { source: number }, sid: string, text: string) {
  const stop = textedStop(senderOf(step), sid, { text })
  return { ...stop, message: { ...stop.message, receivedAt: at(0) } }
}

function startOf(businessNumber: PhoneNumber, step: Step & { kind: 'start' }) {
  const { message } = texted(step, `s${step.source}`, 'START')
  return {
    businessNumber,
    number: senderOf(step),
    cause: 'keyword',
    source: `s${step.source}`,
    message,
    onlyIfBlocked: step.onlyIfBlocked,
    blockTimes: Object.entries(step.blockTimes).map(([source, sentAt]) => ({ source, sentAt: at(sentAt) })),
    ...(step.sentAt === undefined ? {} : { sentAt: at(step.sentAt) }),
  }
}

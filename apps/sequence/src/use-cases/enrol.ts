import type { AccountId, PhoneNumber } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { Logger } from '@heed/service'
import type { Compliance } from '../compliance.ts'
import { checkSoon } from '../domain/check-at.ts'
import { type NewEnrolment, type Recipient, selectNew } from '../domain/select-new.ts'
import type { EnrolInput } from '../schemas.ts'
import type { Enrolments } from '../store/enrolments.ts'
import type { SequenceDocument } from '../store/sequence-document.ts'
import type { Sequences } from '../store/sequences.ts'
import type { CarryOn } from './carry-on.ts'
import type { Texting } from './texting.ts'

export interface EnrolDeps {
  readonly sequences: Pick<Sequences, 'get'>
  readonly enrolments: Pick<Enrolments, 'known' | 'insert'>
  readonly outbound: Pick<Texting, 'now'>
  readonly compliance: Pick<Compliance, 'blocked'>
  readonly carryOn: CarryOn
  /** Ids in order of time, and in their own order. */
  readonly newEnrolmentIds: (count: number) => string[]
  readonly log: Logger
}

const perInsert = 1_000

/**
 * Repeating a call enrols nobody twice: what a failed one has kept counts as known. Whom a block had ended begins anew
 * where a person asks for it; what may come twice by itself names them `known`.
 */
export function enrol(deps: EnrolDeps) {
  return async (
    { accountId: a, sequenceId: id, recipients }: EnrolInput,
    { suppressed = 'again' }: { suppressed?: 'again' | 'known' } = {},
  ) => {
    const sequence = await deps.sequences.get({ a, id })
    if (!sequence) throw new DomainError('unknown-sequence')
    if (sequence.state === 'cancelled') throw new DomainError('wrong-state')
    let enrolled = 0
    for (let start = 0; start < recipients.length; start += perInsert) {
      enrolled += await enrolSome(deps, sequence, recipients.slice(start, start + perInsert), suppressed)
    }
    return { enrolled, known: recipients.length - enrolled }
  }
}

export type Enrol = ReturnType<typeof enrol>

async function enrolSome(
  deps: EnrolDeps,
  { a, _id, steps }: SequenceDocument,
  recipients: readonly Recipient[],
  suppressed: 'again' | 'known',
): Promise<number> {
  const numbers = [...new Set(recipients.map(({ number }) => number))]
  const contactIds = [...new Set(recipients.flatMap(({ contactId }) => contactId ?? []))]
  const known = await deps.enrolments.known({ a, sequence: _id }, numbers, contactIds)
  const { fresh, again } = selectNew(recipients, known)
  const chosen = [...fresh, ...(suppressed === 'again' ? await unblocked(deps, a, again) : [])]
  const ids = deps.newEnrolmentIds(chosen.length)
  const now = deps.outbound.now()
  const kept = await deps.enrolments.insert(
    { a, sequence: _id },
    chosen.map((one, index) => ({ ...one, id: ids[index] ?? '' })),
    { now, dueAt: new Date(now.getTime() + (steps[0]?.delayMs ?? 0)), checkAt: checkSoon(now) },
  )
  await deps.carryOn(a, kept).catch((err: unknown) => {
    deps.log.warn({ err, account: a }, 'first texts were not made yet; the sweep makes them')
  })
  return kept.length
}

/** A new beginning only for those whom nothing blocks any more; the others stay as they ended. */
async function unblocked(
  { compliance }: Pick<EnrolDeps, 'compliance'>,
  a: AccountId,
  again: readonly NewEnrolment[],
): Promise<NewEnrolment[]> {
  const numbers: PhoneNumber[] = again.map(({ number }) => number)
  const blocked = await compliance.blocked(a, numbers)
  return again.filter(({ number }) => !blocked.has(number))
}

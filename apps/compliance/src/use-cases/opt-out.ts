import { boundMs } from '@heed/clearance'
import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import { type Caller, DomainError, type Role } from '@heed/rpc'
import type { Clock } from '@heed/service'
import type { z } from 'zod'
import type { Decision } from '../domain/decide.ts'
import { isInferred } from '../domain/inferred.ts'
import { repliesIn } from '../domain/replies.ts'
import type { Settings } from '../schemas/accounts.ts'
import type { OptOutInput, OptOutOutcome, OptOutOutput } from '../schemas/consent.ts'
import type { ReviewStore } from '../store/reviews.ts'
import type { SourceRecord } from '../store/sources.ts'
import type { KnownAccounts, RandomHex } from './accounts.ts'
import type { CommitQueue } from './commit-queue.ts'
import type { SettingsUseCases } from './settings.ts'

export interface ConsentDeps {
  readonly known: KnownAccounts
  readonly settings: Pick<SettingsUseCases, 'read' | 'recent'>
  readonly commits: Pick<CommitQueue, 'submit'>
  readonly clock: Clock
  readonly randomHex: RandomHex
  readonly wait: (ms: number) => Promise<void>
}

/** Who may put numbers on a list; a list of the account's own (a programme) is written like `own`. */
const writers = new Map<string, readonly Role[]>([
  ['carrier', ['sender', 'inbound', 'admin']],
  ['dnc', ['admin']],
])
const ownWriters: readonly Role[] = ['inbound', 'operator', 'admin']

export const optOut =
  (deps: ConsentDeps & { reviews: Pick<ReviewStore, 'open'> }) =>
  async (caller: Caller, input: z.infer<typeof OptOutInput>): Promise<z.infer<typeof OptOutOutput>> => {
    const list = input.list ?? 'own'
    if (!(writers.get(list) ?? ownWriters).includes(caller.role)) throw new DomainError('forbidden')
    const accountId = await accountOf(deps, caller, input)
    const texted = caller.role === 'inbound' && list === 'own'
    const source = sourceRecord(input, deps)
    const settings = texted ? deps.settings.recent(accountId).catch(() => null) : null
    const reviewed = texted && isInferred(input.cause) ? openReview(deps, accountId, input) : null
    // It is waited for below: an error before that must not go unheard.
    reviewed?.catch(() => {})
    const committed = await deps.commits.submit(
      accountId,
      {
        change: {
          kind: 'opt-out',
          src: input.source,
          list,
          numbers: [...new Set(input.numbers)],
          texted,
          ...carrierTimes(input),
        },
        source,
      },
      input.cause === 'import' ? 'import' : 'live',
    )
    // The block stands. An error here has the whole opt-out asked for again, which opens the review then.
    await reviewed
    const acknowledgedAt = deps.clock.now()
    const confirmation = confirmationOf(await settings, committed.decisions, input.language)
    if (input.wait) await deps.wait(boundMs * 1.1)
    return {
      accountId,
      epoch: committed.epoch as Epoch,
      rev: Math.max(...committed.decisions.map(({ entry }) => entry.rev)),
      effectiveBy: new Date(acknowledgedAt + boundMs).toISOString(),
      results: committed.decisions.map(({ entry, replayed }) => ({
        number: entry.n as PhoneNumber,
        list: entry.list,
        outcome: entry.outcome as z.infer<typeof OptOutOutcome>,
        rev: entry.rev,
        replayed,
      })),
      confirmation,
    }
  }

/** Beside the commit: a review never delays a block. One is opened also where nobody can tell what the account wants. */
async function openReview(
  { reviews, clock, settings }: ConsentDeps & { reviews: Pick<ReviewStore, 'open'> },
  accountId: AccountId,
  { numbers, source }: z.infer<typeof OptOutInput>,
): Promise<void> {
  const wanted = await settings.recent(accountId).catch(() => null)
  const [n] = numbers
  if (n === undefined || wanted?.likelyOptOuts === 'suppress') return
  await reviews.open(accountId, { src: source, n, openedAt: new Date(clock.now()) })
}

/**
 * The one function that makes a confirmation: for the STOP that turned a number blocked, once, and only where the
 * carrier does not reply by itself (47 CFR 64.1200(a)(12)). Settings that cannot be read cost the confirmation,
 * never the opt-out, which stands by now.
 */
function confirmationOf(
  settings: Settings | null,
  decisions: readonly Decision[],
  language: string | undefined,
): string | null {
  const turned = decisions.some(({ entry, replayed }) => entry.outcome === 'turned' && !replayed)
  return turned && settings?.keywordReplies === 'heed' ? repliesIn(settings, language).stop : null
}

interface Evidence {
  readonly accountId?: AccountId | undefined
  readonly businessNumber?: PhoneNumber | undefined
  readonly cause: string
  readonly source: string
  readonly sentAt?: string | undefined
  readonly actor?: string | undefined
  readonly note?: string | undefined
  readonly message?: z.infer<typeof OptOutInput>['message']
}

/** By id, or by the business number, which decides; where both are given they must agree. */
export async function accountOf(
  { known }: Pick<ConsentDeps, 'known'>,
  caller: Caller,
  input: Pick<Evidence, 'accountId' | 'businessNumber'>,
): Promise<AccountId> {
  const { accountId, businessNumber } = input
  if (accountId !== undefined && !caller.mayActFor(accountId)) throw new DomainError('forbidden')
  if (businessNumber === undefined) return known.require(accountId as AccountId)
  const owner = await known.ownerOf(caller, businessNumber)
  if (accountId !== undefined && owner !== accountId) throw new DomainError('unknown-business-number')
  return owner
}

/** What is kept as evidence, word for word, with the salt of the ledger's commitments. */
export function sourceRecord(
  input: Evidence,
  { clock, randomHex }: Pick<ConsentDeps, 'clock' | 'randomHex'>,
): SourceRecord {
  const { message, businessNumber, actor, note } = input
  return {
    src: input.source,
    cause: input.cause,
    ...(input.sentAt ? { sentAt: new Date(input.sentAt) } : {}),
    ...(actor ? { actor } : {}),
    ...(note ? { note } : {}),
    ...(businessNumber ? { businessNumber } : {}),
    ...(message ? { message: { ...message, receivedAt: new Date(message.receivedAt) } } : {}),
    salt: randomHex(16),
    storedAt: new Date(clock.now()),
  }
}

/** Which carrier account's clock a change's time is of; a message without a time may still be asked for it. */
export function carrierTimes({ sentAt, message }: Evidence): { sentAt?: Date; carrierAccount?: string } {
  return {
    ...(sentAt ? { sentAt: new Date(sentAt) } : {}),
    ...(message ? { carrierAccount: message.carrierAccount } : {}),
  }
}

import type { Epoch } from '@heed/phone'
import { type Caller, DomainError } from '@heed/rpc'
import type { z } from 'zod'
import type { Decision, OptInChange } from '../domain/decide.ts'
import { stateKey } from '../domain/fold.ts'
import { repliesIn } from '../domain/replies.ts'
import type { OptInInput, OptInOutput } from '../schemas/consent.ts'
import type { ConsentStores } from '../store/stores.ts'
import { accountOf, type ConsentDeps, carrierTimes, sourceRecord } from './opt-out.ts'
import { safeRead } from './safe-read.ts'

type Input = z.infer<typeof OptInInput>

export const optIn =
  (deps: ConsentDeps & { stores: ConsentStores }) =>
  async (caller: Caller, input: Input): Promise<z.infer<typeof OptInOutput>> => {
    const how = input.basis || caller.role === 'admin' ? byHand(caller, input) : byText(input)
    const accountId = await accountOf(deps, caller, input)
    if (how.by === 'hand') await requireLiftable(deps, accountId, input.number, how.list)
    const source = sourceRecord(input, deps)
    const change: OptInChange = { kind: 'opt-in', src: input.source, numbers: [input.number], how }
    const { epoch, decisions } = await deps.commits.submit(accountId, { change, source }, 'live')
    const reply =
      how.by === 'text' ? await startReply(deps, accountId, { decisions, language: input.language }) : null
    return {
      accountId,
      outcome: outcomeOf(decisions),
      epoch: epoch as Epoch,
      rev: Math.max(...decisions.map(({ entry }) => entry.rev)),
      replayed: decisions.every(({ replayed }) => replayed),
      reply,
    }
  }

function byText(input: Input): OptInChange['how'] {
  const blockTimes = new Map((input.blockTimes ?? []).map(({ source, sentAt }) => [source, new Date(sentAt)]))
  return {
    by: 'text',
    start: { ...carrierTimes(input), blockTimes },
    onlyIfBlocked: input.onlyIfBlocked === true,
  }
}

function byHand(caller: Caller, input: Input): OptInChange['how'] {
  if (caller.role !== 'admin') throw new DomainError('forbidden')
  if (!input.basis || !input.note) throw new DomainError('basis-needed')
  return { by: 'hand', list: input.list ?? 'own', epoch: input.basis.epoch, rev: input.basis.rev }
}

/** An opt-out that the person texted is theirs to lift, unless the account has decided otherwise. */
async function requireLiftable(
  deps: ConsentDeps & { stores: ConsentStores },
  accountId: Input['accountId'] & string,
  number: string,
  list: string,
): Promise<void> {
  const [known, { settings }] = await Promise.all([
    safeRead(deps.stores, new Map([[accountId, new Set([number])]])),
    deps.settings.read(accountId),
  ])
  const state = known.get(accountId)?.states.get(stateKey(number, list))
  if (state?.blocked && state.texted && !settings.manualOptInOverTexted)
    throw new DomainError('texted-opt-out')
}

/** `lifted` if a list was; otherwise what became of the person's own. */
function outcomeOf(decisions: readonly Decision[]): z.infer<typeof OptInOutput>['outcome'] {
  const outcomes = decisions.map(({ entry }) => entry.outcome)
  if (outcomes.includes('stale')) return 'stale'
  return outcomes.includes('lifted') ? 'lifted' : 'no-block'
}

async function startReply(
  deps: ConsentDeps,
  accountId: Input['accountId'] & string,
  { decisions, language }: { decisions: readonly Decision[]; language: string | undefined },
): Promise<string | null> {
  const took = decisions.some(({ entry, replayed }) => entry.op === 'lift' && !replayed)
  if (!took || outcomeOf(decisions) === 'stale') return null
  const settings = await deps.settings.recent(accountId).catch(() => null)
  return settings?.keywordReplies === 'heed' ? repliesIn(settings, language).start : null
}

import { isUnknownOutcome } from '@heed/mongo'
import { backoffMs, type Clock } from '@heed/service'
import { revsMax } from '../../domain/decide.ts'
import type { Entry } from '../../domain/entry.ts'
import { commitMax } from '../../store/heads.ts'
import type { ConsentStores } from '../../store/stores.ts'
import { attemptCommit, type Requested } from '../commit-group.ts'

export interface RecommitDeps {
  readonly stores: ConsentStores
  readonly clock: Clock
  readonly wait: (ms: number) => Promise<void>
  readonly fold: (accountId: string) => Promise<void>
}

/** So many committed changes may wait before they are folded. */
const waitingMax = 256
const attemptsMax = 20

/**
 * Commits an account's lost changes in the order given, as any change is committed: one that stands already is
 * left as it is, so it may be run again. Folds what it committed.
 */
export async function recommit(
  deps: RecommitDeps,
  a: string,
  requests: readonly Requested[],
): Promise<readonly Entry[]> {
  const made: Entry[] = []
  for (const group of groupsOf(requests)) {
    const { fresh, waiting } = await commitGroup(deps, a, group)
    made.push(...fresh)
    if (waiting > waitingMax) await deps.fold(a)
  }
  await deps.fold(a)
  return made
}

function* groupsOf(requests: readonly Requested[]): Generator<Requested[]> {
  let group: Requested[] = []
  let revs = 0
  for (const request of requests) {
    const more = revsMax(request.change)
    if (group.length > 0 && revs + more > commitMax.live.revs) {
      yield group
      group = []
      revs = 0
    }
    group.push(request)
    revs += more
  }
  if (group.length > 0) yield group
}

async function commitGroup(
  deps: RecommitDeps,
  a: string,
  group: readonly Requested[],
): Promise<{ fresh: readonly Entry[]; waiting: number }> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      const ended = await attemptCommit(deps, a, group, 'live')
      if (ended.kind === 'committed')
        return { fresh: ended.fresh, waiting: ended.head.recent.length + ended.fresh.length }
      if (ended.kind === 'unknown-account') throw new Error(`account ${a} has no head`)
      if (ended.kind === 'full') await deps.fold(a)
    } catch (error) {
      if (!isUnknownOutcome(error)) throw error
      await deps.wait(backoffMs(attempt, { firstMs: 50, maxMs: 2_000 }))
    }
  }
  throw new Error(`the lost changes of account ${a} cannot be committed: the database does not take them`)
}

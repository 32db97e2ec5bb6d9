import { defaultPolicy } from '@heed/clearance'
import { isInferred } from '../../domain/inferred.ts'
import type { AccountStore } from '../../store/accounts.ts'
import type { EpochStore } from '../../store/epochs.ts'
import type { InstanceStore } from '../../store/instances.ts'
import type { RestoreStore } from '../../store/restores.ts'
import type { SettingsStore } from '../../store/settings.ts'
import { newEpoch, type RandomHex } from '../accounts.ts'
import type { Requested } from '../commit-group.ts'
import { type GatherDeps, gatherLost, type Lost, type LostOfAccount } from './gather-lost.ts'
import { requestOfEvent, requestOfText } from './recalled-changes.ts'
import { type RecommitDeps, recommit } from './recommit.ts'
import { someoneServes } from './someone-serves.ts'

export interface RestoreDeps extends GatherDeps, RecommitDeps {
  readonly accounts: AccountStore
  readonly epochs: EpochStore
  readonly restores: RestoreStore
  readonly instances: Pick<InstanceStore, 'beats'>
  readonly settings: Pick<SettingsStore, 'latest'>
  readonly randomHex: RandomHex
}

export interface RestoreReport {
  /** Accounts that were given a new epoch, now or by an earlier run of the same restore. */
  readonly accounts: number
  readonly newEpochs: number
  /** Accounts that the backup did not have. */
  readonly madeAgain: readonly string[]
  readonly numbersGivenBack: number
  readonly since: Date
  /** What was committed again, or in a dry run would be. */
  readonly lost: readonly { accountId: string; fromEvents: number; fromTexts: number }[]
}

/** Compliance serves from the database: what it answered since the restore cannot be made good. */
export class StillServingError extends Error {
  override name = 'StillServingError'
}

/** Texts may have waited for so long, in a journal or for a carrier's time, before they were committed. */
const lookBackMs = 24 * 60 * 60_000

/**
 * Makes a restored database whole (protocol, 5 and 6): a new epoch for every head, and every change that others
 * know and the ledger lacks. Each step may be repeated: a restore that was killed goes on under its id.
 */
export async function restoreEpoch(
  deps: RestoreDeps,
  options: { restoreId: string; since?: Date | undefined; dryRun: boolean },
): Promise<RestoreReport> {
  const { restoreId, dryRun } = options
  if (await someoneServes(deps.instances, deps.wait))
    throw new StillServingError('an instance of compliance serves: stop them all first')
  if (!dryRun) {
    await deps.restores.begin(restoreId, new Date(deps.clock.now()))
    // One that started before it could see the restore beats by now.
    if (await someoneServes(deps.instances, deps.wait))
      throw new StillServingError('an instance of compliance serves: stop them all first')
  }
  const since = options.since ?? (await lastChange(deps))
  const lost = await gatherLost(deps, since)
  const standing = await deps.epochs.accounts()
  const madeAgain = [...new Set([...lost.byAccount.keys(), ...lost.owners.values()])].filter(
    (a) => !standing.includes(a),
  )
  const report = { accounts: standing.length + madeAgain.length, madeAgain, since }
  const numbersGivenBack = lost.owners.size
  if (dryRun) {
    const due = await Promise.all(standing.map((a) => isDue(deps, a, restoreId)))
    const newEpochs = due.filter(Boolean).length + madeAgain.length
    return { ...report, newEpochs, numbersGivenBack, lost: [...lost.byAccount].map(countOf) }
  }
  await makeAgain(deps, madeAgain, lost)
  let newEpochs = 0
  for (const a of await deps.epochs.accounts()) if (await startEpoch(deps, a, restoreId)) newEpochs += 1
  const committed: RestoreReport['lost'][number][] = []
  for (const [a, ofAccount] of lost.byAccount)
    committed.push(await recommitAccount(deps, a, ofAccount, restoreId))
  // What an earlier run, or the instances of then, committed and did not fold.
  for (const a of await deps.stores.heads.unfinished()) await deps.fold(a)
  await deps.restores.end(new Date(deps.clock.now()))
  return { ...report, newEpochs, numbersGivenBack, lost: committed }
}

/** From when on texts are asked for: a day before the last change that the database knows. */
async function lastChange({ stores, epochs }: RestoreDeps): Promise<Date> {
  let latest = 0
  for (const a of await epochs.accounts()) {
    const head = await stores.heads.readMajority(a)
    const entry =
      head?.recent.at(-1) ?? (head && (await stores.session((own) => stores.ledger.at(a, head.folded, own))))
    latest = Math.max(latest, entry?.at.getTime() ?? 0)
  }
  return new Date(Math.max(0, latest - lookBackMs))
}

async function isDue({ stores }: RestoreDeps, a: string, restoreId: string): Promise<boolean> {
  return (await stores.heads.readMajority(a))?.restore !== restoreId
}

/** The head first, as for a new account; what it was called and how it was set is for the operator to say again. */
async function makeAgain(
  { stores, accounts, clock, randomHex }: RestoreDeps,
  ids: readonly string[],
  { owners }: Lost,
) {
  const createdAt = new Date(clock.now())
  for (const a of ids) {
    await stores.heads.create({ a, epoch: newEpoch(randomHex), policy: defaultPolicy })
    await accounts.create({ accountId: a, name: a, createdAt })
  }
  for (const [number, a] of owners) await accounts.addNumber(a, number, createdAt)
}

/** False where this restore gave it its epoch before. */
async function startEpoch(
  { stores, epochs, randomHex }: RestoreDeps,
  a: string,
  restoreId: string,
): Promise<boolean> {
  for (;;) {
    const head = await stores.heads.readMajority(a)
    if (!head || head.restore === restoreId) return false
    if (await epochs.start(head, newEpoch(randomHex), restoreId)) return true
  }
}

async function recommitAccount(deps: RestoreDeps, a: string, lost: LostOfAccount, restoreId: string) {
  const recall = { restoreId, now: new Date(deps.clock.now()), randomHex: deps.randomHex }
  const blockTimes = new Map(
    [...lost.known].flatMap(([source, { sentAt }]) => (sentAt ? [[source, new Date(sentAt)] as const] : [])),
  )
  const told = lost.events.map((event) => requestOfEvent(event, lost.known.get(event.source), recall))
  const received = lost.texts.map((text) => requestOfText(text, blockTimes, recall))
  await reopenReviews(deps, a, [...told, ...received])
  const fromEvents = await recommit(deps, a, told)
  const fromTexts = await recommit(deps, a, received)
  return { accountId: a, fromEvents: fromEvents.length, fromTexts: fromTexts.length }
}

/**
 * Opens the reviews of lost opt-outs that were read from free text, before these are committed: when an interrupted restore
 * goes on they are lost no more. What a person had decided of one meanwhile is to be decided again.
 */
async function reopenReviews(deps: RestoreDeps, a: string, requests: readonly Requested[]): Promise<void> {
  const inferred = requests.filter(({ source }) => isInferred(source.cause))
  if (inferred.length === 0) return
  const wanted = await deps.settings.latest(a)
  if (wanted?.settings.likelyOptOuts === 'suppress') return
  const openedAt = new Date(deps.clock.now())
  for (const { change, source } of inferred)
    for (const n of change.numbers) await deps.stores.reviews.open(a, { src: source.src, n, openedAt })
}

const countOf = ([accountId, { events, texts }]: [string, LostOfAccount]) => ({
  accountId,
  fromEvents: events.length,
  fromTexts: texts.length,
})

import { pause } from '@heed/service'
import type { Judgement } from '../domain/judgement.ts'
import { judgeSendWindows } from '../domain/send-windows.ts'
import type { LaneId } from '../store/text-claims.ts'
import type { ClaimedText } from '../store/text-document.ts'
import type { DispatcherDeps } from './dispatcher-deps.ts'
import type { OpenLanes } from './open-lanes.ts'
import { type Pacer, startPacer } from './pacer.ts'

export interface LaneRunDeps
  extends Pick<
    DispatcherDeps,
    'texts' | 'lanes' | 'judge' | 'clock' | 'serverClock' | 'timers' | 'log' | 'random' | 'newId'
  > {
  /** How many more texts of this lane the process may claim now. */
  readonly room: (lane: LaneId) => number
  readonly openLanes: Pick<OpenLanes, 'told'>
  readonly onClaimed: (texts: readonly ClaimedText[]) => void
  /** The text's slot is about to come, at `slotAt`, monotonic ms. */
  readonly onSlot: (text: ClaimedText, slotAt: number) => void
  /** Back into the lane. */
  readonly giveBack: (texts: readonly ClaimedText[], dueAt: Date, heldBy?: string) => void
  readonly suppress: (text: ClaimedText, reasons: readonly { reason: string; since: string }[]) => void
  /** Where texts of this lane get slots, for as long as the run lasts; null at its end. */
  readonly onPacer: (lane: LaneId, pacer: Pacer<ClaimedText> | null) => void
  readonly signal: AbortSignal
}

const claimMax = 500

/** Works on one lane while it is open and texts are due in it. Any number of processes may do so at once. */
export async function runLane(deps: LaneRunDeps, lane: LaneId): Promise<void> {
  const found = await deps.lanes.get(lane)
  if (!found?.lane.open) return
  const { ratePerSecond, wakes } = found.lane
  // Half a second's worth: what a pause or a cancel finds claimed is little, and a copy leaves some to others.
  const batchMax =
    ratePerSecond === null ? claimMax : Math.min(claimMax, Math.max(5, Math.ceil(ratePerSecond / 2)))
  // Without a rate the next claim is made while slots are asked for the last one.
  const waitingMax = ratePerSecond === null ? 2 * batchMax : batchMax / 2
  const pacer = lanePacer(deps, lane, ratePerSecond)
  deps.onPacer(lane, pacer)
  try {
    await work(deps, lane, { pacer, batchMax, waitingMax, wakes })
    await pacer.below(1)
  } finally {
    deps.onPacer(lane, null)
  }
}

async function work(
  deps: LaneRunDeps,
  lane: LaneId,
  {
    pacer,
    batchMax,
    waitingMax,
    wakes,
  }: { pacer: Pacer<ClaimedText>; batchMax: number; waitingMax: number; wakes: number },
): Promise<void> {
  while (!deps.signal.aborted && !pacer.isClosed) {
    const textsMax = Math.min(batchMax, deps.room(lane))
    if (textsMax <= 0) {
      await pause(10, deps.signal, deps.timers)
      continue
    }
    const claimed = await claim(deps, lane, textsMax)
    if (claimed.length > 0) {
      await judged(deps, claimed, pacer)
      await pacer.below(waitingMax)
    } else if (await isAtRest(deps, lane, wakes)) return
  }
}

function lanePacer(deps: LaneRunDeps, lane: LaneId, ratePerSecond: number | null): Pacer<ClaimedText> {
  return startPacer<ClaimedText>({
    ...deps,
    ratePerSecond,
    reserve: async (segments) => {
      const askedAt = deps.clock.monoMs()
      const slots = await deps.lanes.reserve(lane, segments, ratePerSecond)
      if (slots !== 'closed') deps.openLanes.told(lane.lane, askedAt)
      return slots
    },
    release: deps.onSlot,
    refuse: (texts) => deps.giveBack(texts, new Date(0)),
    onFailure: (err) => deps.log.warn({ err, lane: lane.lane }, 'no slots could be reserved'),
  })
}

async function claim(deps: LaneRunDeps, lane: LaneId, textsMax: number): Promise<ClaimedText[]> {
  const claimed = await deps.texts.claim({
    ...lane,
    claim: deps.newId(),
    textsMax,
    now: deps.serverClock.now(),
  })
  deps.onClaimed(claimed)
  return claimed
}

/** Nothing could be claimed: because nothing is due, or because others were quicker. */
async function isAtRest(deps: LaneRunDeps, lane: LaneId, wakes: number): Promise<boolean> {
  const nextDueAt = await deps.texts.nextDueAt(lane)
  if (nextDueAt && nextDueAt <= deps.serverClock.now()) {
    await pause(10 + deps.random() * 40, deps.signal, deps.timers)
    return false
  }
  await deps.lanes.rest(lane, wakes, nextDueAt)
  return true
}

async function judged(
  deps: LaneRunDeps,
  all: readonly ClaimedText[],
  pacer: Pacer<ClaimedText>,
): Promise<void> {
  const now = deps.serverClock.now()
  const claimed = all.filter((text) => obey(deps, text, judgeSendWindows(text, now)))
  if (!deps.judge) return pacer.add(claimed)
  if (claimed.length === 0) return
  let judgements: Awaited<ReturnType<typeof deps.judge>>
  try {
    judgements = await deps.judge(claimed)
  } catch (err) {
    // Not knowing holds.
    deps.log.warn({ err, lane: lane(claimed) }, 'texts could not be judged')
    deps.giveBack(claimed, new Date(deps.serverClock.now().getTime() + 1_000))
    // Longer than they rest: a copy that alone cannot know leaves them to the others.
    return pause(1_500 + deps.random() * 1_000, deps.signal, deps.timers)
  }
  pacer.add(claimed.filter((text, index) => obey(deps, text, judgements[index])))
}

/** Whether the text goes on; what does not has left this process's hands, or is about to. */
function obey(deps: LaneRunDeps, text: ClaimedText, judgement: Judgement | undefined): boolean {
  if (judgement === 'go') return true
  if (judgement && 'suppress' in judgement) deps.suppress(text, judgement.suppress)
  else if (judgement) deps.giveBack([text], judgement.holdUntil, judgement.heldBy)
  else deps.giveBack([text], new Date(deps.serverClock.now().getTime() + 1_000))
  return false
}

const lane = (texts: readonly ClaimedText[]) => texts[0]?.lane

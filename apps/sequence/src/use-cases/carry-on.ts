import { type OutwardState, outwardState, type TextDocument } from '@heed/outbound'
import type { AccountId } from '@heed/phone'
import type { Compliance } from '../compliance.ts'
import { checkSoon, checkWaiting } from '../domain/check-at.ts'
import { type Enrolment, textIdOf } from '../domain/enrolment.ts'
import { type Move, nextMove } from '../domain/next-move.ts'
import type { Enrolments } from '../store/enrolments.ts'
import type { SequenceDocument } from '../store/sequence-document.ts'
import type { Sequences } from '../store/sequences.ts'
import { makeTexts } from './make-texts.ts'
import type { Texting } from './texting.ts'

/** Brings enrolments of one account as far as their rows allow. Safe to call at any time, by any number of workers. */
export type CarryOn = (a: AccountId, enrolmentIds: readonly string[]) => Promise<void>

export interface CarryOnDeps {
  readonly enrolments: Enrolments
  readonly sequences: Pick<Sequences, 'find'>
  readonly outbound: Texting
  readonly compliance: Pick<Compliance, 'wording' | 'blocked'>
}

/** One enrolment as it was read, and what follows from it. */
export interface Seen {
  readonly enrolment: Enrolment
  readonly sequence: SequenceDocument
  readonly move: Move
  readonly resolved: readonly { readonly step: number; readonly outcome: OutwardState }[]
}

const perTurn = 500
/** Make, suppress, end: what is left after so many turns is left to the sweep. */
const turnsMax = 8

export function carryOn(deps: CarryOnDeps): CarryOn {
  return async (a, enrolmentIds) => {
    for (let start = 0; start < enrolmentIds.length; start += perTurn) {
      let ids = enrolmentIds.slice(start, start + perTurn)
      try {
        for (let turn = 0; turn < turnsMax && ids.length > 0; turn++) ids = await takeTurn(deps, a, ids)
      } catch (error) {
        await deps.enrolments.checkAllLater(a, ids, checkSoon(deps.outbound.now())).catch(() => {})
        throw error
      }
    }
  }
}

/** Returns the enrolments that may move again at once. */
async function takeTurn(deps: CarryOnDeps, a: AccountId, ids: readonly string[]): Promise<string[]> {
  const seen = await look(deps, a, ids)
  const { enrolments, outbound } = deps
  const now = outbound.now()
  const of = <Name extends Move['move']>(name: Name) =>
    seen.flatMap(({ enrolment, move }) =>
      move.move === name ? [[enrolment, move as Extract<Move, { move: Name }>] as const] : [],
    )
  await enrolments.resolve(
    seen.flatMap(({ enrolment, resolved }) => resolved.map((one) => ({ enrolment, ...one }))),
  )
  await enrolments.end(of('end'), now)
  await enrolments.advance(of('advance'), checkSoon(now))
  await enrolments.checkLater(
    of('wait')
      .filter(([{ checkAt }]) => checkAt === null || checkAt <= now)
      .map(([enrolment]) => ({ enrolment, checkAt: checkWaiting(enrolment.dueAt, now) })),
  )
  for (const [{ sequenceId, number, blockedBy }, { reasons }] of of('suppress-text')) {
    // A block binds every text of the account to the number, a cancel every text of the sequence.
    if (blockedBy) await outbound.texts.suppressNumber(a, number, reasons, now)
    else await outbound.texts.suppressLane({ a, lane: sequenceId }, reasons, now)
  }
  const endedUnmade = await makeTexts(deps, a, seen)
  // A receipt may tell of a step while it is being written down as unknown.
  const endedUnknown = of('end').filter(([, { outcome }]) => outcome === 'unknown')
  const moved = [...of('advance'), ...of('suppress-text'), ...endedUnknown].map(([{ id }]) => id)
  return [...moved, ...endedUnmade.map(({ id }) => id)]
}

async function look(deps: CarryOnDeps, a: AccountId, ids: readonly string[]): Promise<Seen[]> {
  const found = await deps.enrolments.find(a, ids)
  const open = found.filter(({ state, outcomes }) => state === 'active' || outcomes.includes('unknown'))
  if (open.length === 0) return []
  const [texts, sequences] = await Promise.all([
    deps.outbound.texts.find(a, open.flatMap(textsToRead)),
    deps.sequences.find(a, [...new Set(open.map(({ sequenceId }) => sequenceId))]),
  ])
  const textById = new Map(texts.map((text) => [text._id, text]))
  const sequenceById = new Map(sequences.map((sequence) => [sequence._id, sequence]))
  return open.flatMap((enrolment) => {
    const sequence = sequenceById.get(enrolment.sequenceId)
    if (!sequence) return []
    const text = textById.get(textIdOf(enrolment.id, enrolment.step)) ?? null
    const move = nextMove({ enrolment, sequence, text })
    return [{ enrolment, sequence, move, resolved: resolvedSteps(enrolment, textById) }]
  })
}

function textsToRead(enrolment: Enrolment): string[] {
  const steps = new Set(unknownSteps(enrolment))
  if (enrolment.state === 'active') steps.add(enrolment.step)
  return [...steps].map((step) => textIdOf(enrolment.id, step))
}

function unknownSteps({ outcomes }: Enrolment): number[] {
  return outcomes.flatMap((outcome, step) => (outcome === 'unknown' ? [step] : []))
}

/** Steps that were unknown and of which a receipt has told meanwhile. */
function resolvedSteps(enrolment: Enrolment, textById: ReadonlyMap<string, TextDocument>) {
  return unknownSteps(enrolment).flatMap((step) => {
    const text = textById.get(textIdOf(enrolment.id, step))
    const outcome = text ? outwardState(text.state) : 'unknown'
    return outcome === 'unknown' || outcome === 'waiting' ? [] : [{ step, outcome }]
  })
}

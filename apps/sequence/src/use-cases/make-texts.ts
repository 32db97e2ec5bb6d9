import type { NewText, TextReason } from '@heed/outbound'
import type { AccountId } from '@heed/phone'
import { windowsOf } from '@heed/quiet-hours'
import { checkSoon, checkWaiting } from '../domain/check-at.ts'
import { renderStep, textMax } from '../domain/compose-step.ts'
import { type Enrolment, textIdOf } from '../domain/enrolment.ts'
import type { CarryOnDeps, Seen } from './carry-on.ts'

/**
 * Makes the texts of the present steps that have none, rendered with the account's wording as it stands now.
 * Before a first step the authority is asked, after the enrolment was kept: so a block of before is seen here,
 * and a later one finds the enrolment by its event. Returns those that ended before they began.
 */
export async function makeTexts(
  deps: Pick<CarryOnDeps, 'enrolments' | 'outbound' | 'compliance'>,
  a: AccountId,
  seen: readonly Seen[],
): Promise<Enrolment[]> {
  const due = seen.flatMap(({ enrolment, sequence, move }) =>
    move.move === 'make-text' ? [{ enrolment, sequence, suppressed: move.suppressed }] : [],
  )
  if (due.length === 0) return []
  const toAsk = due.filter(({ enrolment, suppressed }) => enrolment.step === 0 && !suppressed)
  const [wording, blocked] = await Promise.all([
    deps.compliance.wording(a),
    deps.compliance.blocked(a, [...new Set(toAsk.map(({ enrolment }) => enrolment.number))]),
  ])
  const now = deps.outbound.now()
  const made = due.map((one) => {
    const { enrolment, sequence } = one
    const asked = enrolment.step === 0 ? blocked.get(enrolment.number) : undefined
    const text = sequence.steps[enrolment.step]?.text ?? ''
    const rendered = renderStep(text, sequence.optOutInstruction, wording, enrolment.fields)
    const isTooLong = rendered.text.length > textMax
    const tooLong = isTooLong ? [{ reason: 'text-too-long', since: now.toISOString() }] : null
    const suppressed = one.suppressed ?? asked ?? tooLong
    return { ...one, suppressed, text: newText(one, rendered, suppressed) }
  })
  await deps.outbound.texts.insert(
    a,
    made.map(({ text }) => text),
    deps.outbound.now(),
  )
  const waiting = made.filter(({ suppressed }) => !suppressed).map(({ enrolment }) => enrolment)
  await wakeLanes(deps, a, waiting)
  await restUntilDue(deps, waiting)
  return made.flatMap(({ enrolment, suppressed }) => (suppressed ? [enrolment] : []))
}

function newText(
  { enrolment, sequence }: Pick<Seen, 'enrolment' | 'sequence'>,
  { text, segments }: { text: string; segments: number },
  suppressed: readonly TextReason[] | null,
): NewText {
  const windows = sequence.steps[enrolment.step]?.sendWindows
  return {
    id: textIdOf(enrolment.id, enrolment.step),
    lane: sequence._id,
    owner: enrolment.id,
    number: enrolment.number,
    contactId: enrolment.contactId,
    from: sequence.from,
    origin: 'sequence',
    text,
    segments,
    dueAt: enrolment.dueAt,
    ...(windows ? { sendWindows: windowsOf(windows) } : {}),
    ...(enrolment.place ? { place: enrolment.place } : {}),
    ...(suppressed ? { suppressed } : {}),
  }
}

async function wakeLanes(
  { outbound }: Pick<CarryOnDeps, 'outbound'>,
  a: AccountId,
  made: readonly Enrolment[],
): Promise<void> {
  const earliest = new Map<string, Date>()
  for (const { sequenceId, dueAt } of made) {
    const known = earliest.get(sequenceId)
    if (!known || dueAt < known) earliest.set(sequenceId, dueAt)
  }
  const now = outbound.now()
  for (const [lane, dueAt] of earliest) {
    if (dueAt <= now) await outbound.wake({ a, lane })
    else await outbound.lanes.schedule({ a, lane }, dueAt)
  }
}

/** Their texts are there: nothing is to be looked for before they are due. */
async function restUntilDue(
  { enrolments, outbound }: Pick<CarryOnDeps, 'enrolments' | 'outbound'>,
  made: readonly Enrolment[],
): Promise<void> {
  const now = outbound.now()
  const soon = checkSoon(now)
  await enrolments.checkLater(
    made
      .map((enrolment) => ({ enrolment, checkAt: checkWaiting(enrolment.dueAt, now) }))
      .filter(({ checkAt }) => checkAt > soon),
  )
}

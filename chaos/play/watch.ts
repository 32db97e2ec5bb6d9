import { setTimeout as sleep } from 'node:timers/promises'
import type { Sending } from '../facts/facts.ts'
import { patience } from '../system/patience.ts'
import type { World } from '../system/world.ts'
import type { Seen } from './played.ts'

type Counts = Record<'waiting' | 'sent' | 'suppressed' | 'failed' | 'unknown', number>

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((all, one) => all + one, 0)

export interface Progress {
  readonly isOver: boolean
  readonly wrong: string | null
  readonly text: string
}

/** One sample of a sending, or null where nobody answered; every sample must account for everybody (E8). */
export async function progressOf(world: World, sending: Sending): Promise<Progress | null> {
  const { accountId, id, people, kind } = sending
  if (kind === 'broadcast') {
    const { data } = await world.ask<{ state: string; recipients: number; counts: Counts }>(
      'campaign',
      'broadcasts.get',
      { accountId, broadcastId: id },
      3_000,
    )
    if (!data) return null
    const text = `${id} ${data.state} ${JSON.stringify(data.counts)}`
    const isWrong = sum(data.counts) !== people.length || data.recipients !== people.length
    const isOver = ['finished', 'cancelled'].includes(data.state) && data.counts.waiting === 0
    return { isOver, wrong: isWrong ? `${people.length} people: ${text}` : null, text }
  }
  const { data } = await world.ask<{
    state: string
    enrolments: Record<string, number>
    steps: { counts: Counts }[]
  }>('sequence', 'sequences.get', { accountId, sequenceId: id }, 3_000)
  if (!data) return null
  const steps = data.steps.map(({ counts }) => counts)
  const text = `${id} ${data.state} ${JSON.stringify(data.enrolments)} ${JSON.stringify(steps)}`
  const enrolled = sum(data.enrolments)
  // Before the enrolment is answered nobody or everybody may be there.
  const isWrong = enrolled > people.length || sum(steps[0] ?? {}) > enrolled
  return {
    isOver:
      enrolled === people.length &&
      data.enrolments.active === 0 &&
      steps.every(({ waiting }) => waiting === 0),
    wrong: isWrong ? `${people.length} people: ${text}` : null,
    text,
  }
}

/** Samples everything that has not ended until told to stop. */
export async function watch(
  world: World,
  sendings: readonly Sending[],
  seen: Seen[],
  signal: AbortSignal,
): Promise<number> {
  let samples = 0
  const over = new Set<Sending>()
  let turn = 0
  while (!signal.aborted) {
    const open = sendings.filter((one) => !over.has(one))
    // A few at a time: what is asked for is load, too.
    for (const sending of open.slice(turn % Math.max(1, open.length)).slice(0, 5)) {
      const progress = await progressOf(world, sending)
      if (progress) samples++
      if (progress?.isOver) over.add(sending)
      if (progress?.wrong)
        seen.push({ check: 'E8', what: `counts do not account for everybody: ${progress.wrong}` })
    }
    turn += 5
    await sleep(500)
  }
  return samples
}

/** Resolves with what has not ended within the time (E12). */
export async function drain(
  world: World,
  sendings: readonly Sending[],
  withinMs: number,
  log: (line: string) => void,
): Promise<{ sending: Sending; text: string }[]> {
  const isOver = patience(withinMs)
  let open = [...sendings]
  const last = new Map<Sending, string>()
  while (open.length > 0 && !isOver()) {
    const still: Sending[] = []
    for (const sending of open) {
      const progress = await progressOf(world, sending)
      last.set(sending, progress?.text ?? 'no answer')
      if (progress?.isOver) log(`ended: ${sending.tag} ${progress.text}`)
      else still.push(sending)
    }
    open = still
    if (open.length > 0) await sleep(250)
  }
  return open.map((sending) => ({ sending, text: last.get(sending) ?? '' }))
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Sending } from '../facts/facts.ts'
import type { Of } from '../plan/plan.ts'
import type { Stage } from './play.ts'

export async function runBroadcast(stage: Stage, act: Of<'broadcast'>, tag: string): Promise<void> {
  const { world, plan, played } = stage
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  const made = await world.insist<{ broadcastId: string }>('campaign', 'broadcasts.create', {
    accountId,
    from: act.from,
    text: `${tag} Half price today. Reply STOP to opt out.`,
    recipients: act.people.map((number) => ({ number })),
    ratePerSecond: act.ratePerSecond,
  })
  const id = made.data?.broadcastId
  if (!id) return refused(stage, `a broadcast was refused: ${made.text}`)
  const sending = newSending('broadcast', { accountId, from: act.from, people: act.people, id, tag })
  played.sendings.push(sending)
  await move(stage, sending, 'start')
  await laterActs(stage, sending, act.later)
}

export async function runSequence(stage: Stage, act: Of<'sequence'>, tag: string): Promise<void> {
  const { world, plan, played } = stage
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  const steps = act.delays.map((delayMs, step) => ({
    delayMs,
    text: `${tag} Step ${step}. Reply STOP to opt out.`,
  }))
  const given = { accountId, from: act.from, steps }
  const made = await world.insist<{ sequenceId: string }>('sequence', 'sequences.create', given)
  const id = made.data?.sequenceId
  if (!id) return refused(stage, `a sequence was refused: ${made.text}`)
  const sending = newSending('sequence', { accountId, from: act.from, people: act.people, id, tag })
  played.sendings.push(sending)
  const recipients = act.people.map((number) => ({ number }))
  const enrolment = { accountId, sequenceId: id, recipients }
  const enrolled = await world.insist('sequence', 'sequences.enrol', enrolment)
  if (enrolled.status !== 200) refused(stage, `people were not enrolled: ${enrolled.text}`)
  await laterActs(stage, sending, act.later)
}

function refused({ played }: Stage, what: string): void {
  played.seen.push({ check: 'E8', what })
}

function newSending(kind: Sending['kind'], given: Omit<Sending, 'kind' | 'cancelled' | 'pauses'>): Sending {
  return { kind, ...given, cancelled: false, pauses: [] }
}

async function laterActs(
  stage: Stage,
  sending: Sending,
  acts: readonly { after: number; does: 'pause' | 'resume' | 'cancel' }[],
): Promise<void> {
  const began = performance.now()
  for (const { after, does } of acts) {
    await sleep(Math.max(0, after - (performance.now() - began)))
    await move(stage, sending, does)
  }
}

async function move(
  stage: Stage,
  sending: Sending,
  does: 'start' | 'pause' | 'resume' | 'cancel',
): Promise<void> {
  const isBroadcast = sending.kind === 'broadcast'
  const { service, noun, id } = isBroadcast
    ? { service: 'campaign', noun: 'broadcasts', id: { broadcastId: sending.id } }
    : { service: 'sequence', noun: 'sequences', id: { sequenceId: sending.id } }
  if (does === 'resume') {
    const open = sending.pauses.at(-1)
    if (open) open.until = Date.now()
  }
  const input = { accountId: sending.accountId, ...id }
  const hasFinished = async () =>
    (await stage.world.insist<{ state: string }>(service, `${noun}.get`, input)).data?.state === 'finished'
  const { status, reason, text, at } = await stage.world.insist(service, `${noun}.${does}`, input)
  if (status === 200) {
    if (does === 'pause' || does === 'cancel')
      sending.pauses.push({ from: at, until: Number.POSITIVE_INFINITY })
    if (does === 'cancel') sending.cancelled = true
  } else if (reason !== 'wrong-state' || (does === 'start' && !(await hasFinished()))) {
    // What has ended cannot be paused any more, nor begun by a call that repeats one of which nobody heard; nothing else
    // may refuse.
    refused(stage, `${does} of a ${sending.kind} was refused: ${text}`)
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { newSid, webhook } from './carrier.ts'
import type { Said, Sending } from './facts.ts'
import type { Act, Plan } from './plan.ts'
import type { World } from './world.ts'

export const stopReply = 'You are out. No more texts. START to return.'

export interface Played {
  readonly said: Said[]
  readonly sendings: Sending[]
  readonly seen: string[]
}

/** Does what the plan says, each act at its time and none waiting for another. */
export async function play(
  world: World,
  plan: Plan,
  log: (line: string) => void,
  played: Played,
): Promise<void> {
  const began = performance.now()
  const perform = async (act: Act, i: number) => {
    await sleep(Math.max(0, act.at - (performance.now() - began)))
    log(`${act.does} ${'name' in act ? `${act.name} for ${act.downMs} ms` : ''}`)
    switch (act.does) {
      case 'broadcast':
        return runBroadcast(world, plan, act, `<B${i}>`, played)
      case 'sequence':
        return runSequence(world, plan, act, `<S${i}>`, played)
      case 'say':
        return say(world, plan, act, played)
      case 'opt-out by hand':
        return optOutByHand(world, plan, act, `hand-${plan.seed}-${i}`, played)
      case 'kill':
        return world.killAndRestart(act.name, act.downMs)
      case 'faults':
        await world.carrier.faults(act.faults)
    }
  }
  await Promise.all(plan.acts.map(perform))
  await world.carrier.faults([])
}

/** Accounts, their numbers, and where the carrier sends what people say. */
export async function setTheStage(world: World, plan: Plan): Promise<void> {
  for (const { accountId, numbers } of plan.accounts) {
    await world.insist('compliance', 'accounts.create', { accountId, name: accountId })
    const replies = { stop: stopReply, start: 'Welcome back.', help: 'Ask us. STOP to end.' }
    const set = await world.insist('compliance', 'accounts.settings.set', {
      accountId,
      settings: { replies },
    })
    if (set.status !== 200) throw new Error(`settings: ${set.text}`)
    for (const number of numbers) {
      await world.insist('compliance', 'accounts.addNumber', { accountId, number })
      await world.carrier.routeTo(number, `${world.url('inbound-sms')}/webhooks/twilio`)
    }
  }
}

type Of<Does extends Act['does']> = Extract<Act, { does: Does }>

async function runBroadcast(world: World, plan: Plan, act: Of<'broadcast'>, tag: string, played: Played) {
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  const made = await world.insist<{ broadcastId: string }>('campaign', 'broadcasts.create', {
    accountId,
    from: act.from,
    text: `${tag} Half price today. Reply STOP to opt out.`,
    recipients: act.people.map((number) => ({ number })),
    ratePerSecond: act.ratePerSecond,
  })
  const id = made.data?.broadcastId
  if (!id) return void played.seen.push(`a broadcast was refused: ${made.text}`)
  const sending: Sending = {
    kind: 'broadcast',
    accountId,
    from: act.from,
    id,
    people: act.people,
    tag,
    cancelled: false,
    pauses: [],
  }
  played.sendings.push(sending)
  await move(world, sending, 'start', played)
  await laterActs(world, sending, act.later, played)
}

async function runSequence(world: World, plan: Plan, act: Of<'sequence'>, tag: string, played: Played) {
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  const made = await world.insist<{ sequenceId: string }>('sequence', 'sequences.create', {
    accountId,
    from: act.from,
    steps: act.delays.map((delayMs, step) => ({
      delayMs,
      text: `${tag} Step ${step}. Reply STOP to opt out.`,
    })),
  })
  const id = made.data?.sequenceId
  if (!id) return void played.seen.push(`a sequence was refused: ${made.text}`)
  const sending: Sending = {
    kind: 'sequence',
    accountId,
    from: act.from,
    id,
    people: act.people,
    tag,
    cancelled: false,
    pauses: [],
  }
  played.sendings.push(sending)
  const recipients = act.people.map((number) => ({ number }))
  const enrolled = await world.insist('sequence', 'sequences.enrol', {
    accountId,
    sequenceId: id,
    recipients,
  })
  if (enrolled.status !== 200) played.seen.push(`people were not enrolled: ${enrolled.text}`)
  await laterActs(world, sending, act.later, played)
}

async function laterActs(
  world: World,
  sending: Sending,
  acts: readonly { after: number; does: 'pause' | 'resume' | 'cancel' }[],
  played: Played,
) {
  const began = performance.now()
  for (const { after, does } of acts) {
    await sleep(Math.max(0, after - (performance.now() - began)))
    await move(world, sending, does, played)
  }
}

async function move(
  world: World,
  sending: Sending,
  does: 'start' | 'pause' | 'resume' | 'cancel',
  played: Played,
) {
  const isBroadcast = sending.kind === 'broadcast'
  const { service, noun, id } = isBroadcast
    ? { service: 'campaign', noun: 'broadcasts', id: { broadcastId: sending.id } }
    : { service: 'sequence', noun: 'sequences', id: { sequenceId: sending.id } }
  if (does === 'resume') {
    const open = sending.pauses.at(-1)
    if (open) open.until = Date.now()
  }
  const { status, reason, text, at } = await world.insist(service, `${noun}.${does}`, {
    accountId: sending.accountId,
    ...id,
  })
  if (status === 200) {
    if (does === 'pause' || does === 'cancel')
      sending.pauses.push({ from: at, until: Number.POSITIVE_INFINITY })
    if (does === 'cancel') sending.cancelled = true
  } else if (reason !== 'wrong-state' || does === 'start') {
    // What has ended cannot be paused any more; nothing else may refuse.
    played.seen.push(`${does} of a ${sending.kind} was refused: ${text}`)
  }
}

/** Says it until it is answered with success: a carrier repeats the message, a person says it anew. */
async function say(world: World, plan: Plan, act: Of<'say'>, played: Played) {
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  const { word, person: number, by } = act
  const note = (source: string | null, ackedAt: number | null) =>
    played.said.push({ word, accountId, number, source, by, ackedAt })
  const sid = newSid()
  const until = performance.now() + 60_000
  for (let attempt = 0; performance.now() < until; attempt++) {
    if (by === 'direct') {
      const said = { from: number, to: act.to, body: act.body, sid }
      const again = attempt === 0 ? act.duplicates : 0
      const answers = await Promise.all(
        Array.from({ length: 1 + again }, () =>
          webhook(world.url('inbound-sms'), world.system.secrets, said),
        ),
      )
      const acks = answers.filter(({ status }) => status >= 200 && status < 300).map(({ at }) => at)
      const refused = answers.find(({ status }) => status >= 400 && status < 500)
      if (refused) played.seen.push(`a signed ${word} was answered ${refused.status}`)
      if (acks.length > 0) return note(sid, Math.min(...acks))
    } else {
      const { to, body, delayMs, duplicates, optOutType } = act
      const said = { to, body, delayMs, duplicates, ...(optOutType ? { optOutType } : {}) }
      const answer = await world.carrier.reply(number, attempt === 0 ? said : { to, body })
      const isTaken = answer.status >= 200 && answer.status < 300
      note(answer.messageSid, isTaken ? answer.at : null)
      if (answer.status >= 400 && answer.status < 500)
        played.seen.push(`a ${word} was answered ${answer.status}`)
      if (isTaken) return
    }
    // A START counts as later than a STOP from the next second of the carrier's clock on.
    await sleep(Math.min(1_200 * 2 ** attempt, 10_000))
  }
  played.seen.push(`a ${word} was not answered with success for a minute`)
}

async function optOutByHand(
  world: World,
  plan: Plan,
  act: Of<'opt-out by hand'>,
  source: string,
  played: Played,
) {
  const accountId = plan.accounts[act.account]?.accountId ?? ''
  const answer = await world.insist('compliance', 'consent.optOut', {
    accountId,
    numbers: act.people,
    cause: 'phone-call',
    source,
    actor: 'Ann',
  })
  if (answer.status !== 200) return void played.seen.push(`an opt-out by hand was refused: ${answer.text}`)
  for (const number of act.people) {
    played.said.push({ word: 'stop', accountId, number, source, by: 'hand', ackedAt: answer.at })
  }
}

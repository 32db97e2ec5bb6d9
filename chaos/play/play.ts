import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Act, Plan } from '../plan/plan.ts'
import type { Edges } from '../system/edges.ts'
import { patience } from '../system/patience.ts'
import type { World } from '../system/world.ts'
import { optInByHand, optOutByHand, runImport } from './consent.ts'
import { throwMalformed } from './malformed.ts'
import { type Played, tooLate } from './played.ts'
import { say } from './say.ts'
import { runBroadcast, runSequence } from './sendings.ts'

/** What the last acts may take once all have begun. */
const actsWithinMs = 60_000

export const stopReply = 'You are out. No more texts. START to return.'

export interface Stage {
  readonly world: World
  readonly edges: Edges
  readonly plan: Plan
  readonly played: Played
  readonly log: (line: string) => void
}

/** Does what the plan says, each act at its time and none waiting for another. */
export async function play(stage: Stage): Promise<void> {
  const began = performance.now()
  const perform = async (act: Act, i: number) => {
    await sleep(Math.max(0, act.at - (performance.now() - began)))
    if (act.does !== 'malformed') stage.log(told(act))
    await actOut(stage, act, i).catch((error: unknown) =>
      stage.played.seen.push(tooLate(`${told(act)}: ${error}`)),
    )
  }
  const acting = Promise.all(stage.plan.acts.map(perform))
  const over = new AbortController()
  const giving = giveUpLate(stage, over.signal)
  await acting
  over.abort()
  await giving
  await stage.world.carrier.faults([])
}

/** Whoever still asks long after the last act began stops asking; that is told by itself. */
async function giveUpLate({ world, plan }: Stage, signal: AbortSignal): Promise<void> {
  const quietly = { signal, ref: false }
  await sleep(plan.lengthMs, undefined, quietly).catch(() => {})
  const isOver = patience(actsWithinMs)
  while (!signal.aborted && !isOver()) await sleep(200, undefined, quietly).catch(() => {})
  world.giveUp(!signal.aborted)
  if (!signal.aborted) await once(signal, 'abort')
  world.giveUp(false)
}

async function actOut(stage: Stage, act: Act, i: number): Promise<unknown> {
  const { world, plan, edges } = stage
  switch (act.does) {
    case 'broadcast':
      return runBroadcast(stage, act, `<B${i}>`)
    case 'sequence':
      return runSequence(stage, act, `<S${i}>`)
    case 'say':
      return say(stage, act)
    case 'opt-out by hand':
      return optOutByHand(stage, act, `hand-${plan.seed}-${i}`)
    case 'opt-in by hand':
      return optInByHand(stage, act, `lift-${plan.seed}-${i}`)
    case 'import':
      return runImport(stage, act, `import-${plan.seed}-${i}`)
    case 'kill':
      return world.processes.killAndRestart(act.name, act.downMs)
    case 'pause':
      return world.processes.pause(act.name, act.forMs)
    case 'net fault':
      return edges.harm(act, sleep)
    case 'add number':
      return addNumber(world, plan.accounts[act.account]?.accountId ?? '', act.number)
    case 'carrier faults':
      return world.carrier.faults(act.faults)
    case 'malformed':
      return throwMalformed(stage, act.draw)
  }
}

function told(act: Act): string {
  if (act.does === 'kill') return `kill ${act.name} for ${act.downMs} ms`
  if (act.does === 'pause') return `pause ${act.name} for ${act.forMs} ms`
  if (act.does === 'net fault') return `${act.kind} before ${act.to} (${act.which}) for ${act.forMs} ms`
  return act.does
}

/** Accounts, their numbers, and where the carrier sends what people say. */
export async function setTheStage({ world, plan }: Pick<Stage, 'world' | 'plan'>): Promise<void> {
  for (const { accountId, numbers } of plan.accounts) {
    await world.insist('compliance', 'accounts.create', { accountId, name: accountId })
    const replies = { stop: stopReply, start: 'Welcome back.', help: 'Ask us. STOP to end.' }
    const set = await world.insist('compliance', 'accounts.settings.set', {
      accountId,
      settings: { replies },
    })
    if (set.status !== 200) throw new Error(`settings: ${set.text}`)
    for (const number of numbers) await addNumber(world, accountId, number)
  }
  await world.carrier.routeTo(plan.lateNumber, world.webhookUrl)
}

async function addNumber(world: World, accountId: string, number: string): Promise<void> {
  await world.insist('compliance', 'accounts.addNumber', { accountId, number })
  await world.carrier.routeTo(number, world.webhookUrl)
}

import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify } from '@heed/local-stack'
import type { Evidence, Verdict } from './checks/check.ts'
import { evidenceOf, judge } from './checks/judge.ts'
import { arriveWithinMs, drainWithinMs, stopWithinMs } from './checks/limits.ts'
import { collect } from './facts/collect.ts'
import { listenToAllSubjects } from './outside/subjects.ts'
import { type Plan, planOf } from './plan/plan.ts'
import { play, type Stage, setTheStage } from './play/play.ts'
import { nothingPlayed, tooLate } from './play/played.ts'
import { type Ears, listenForNumbers } from './play/privacy.ts'
import { probe } from './play/probe.ts'
import { openSubscriber, type Subscriber } from './play/subscriber.ts'
import { drain, watch } from './play/watch.ts'
import { type ChaoticSystem, startChaoticSystem } from './system/chaotic-system.ts'
import { patience } from './system/patience.ts'
import { openWorld, type World } from './system/world.ts'

export interface ChaosOptions {
  readonly seed: number
  readonly lengthMs: number
  readonly load: number
  /** What is done, and what the processes say. */
  readonly sink: (line: string, name: string) => void
}

/** What a run came to. */
export interface Outcome {
  readonly plan: Plan
  readonly evidence: Evidence
  readonly verdicts: readonly Verdict[]
  readonly heard: Ears['heard']
  readonly subscriber: Subscriber['counts']
  readonly samples: number
  readonly malformed: { refused: number; unanswered: number }
  readonly drainedAfterMs: number
  readonly passesAgainAfterMs: number
  readonly stoppedAfterMs: number
}

const services = [
  'carrier-sim',
  'compliance',
  'compliance-2',
  'inbound-sms',
  'campaign',
  'campaign-2',
  'sequence',
]

/** Starts the system, harms it as the seed says, waits until it is quiet, and judges what can be seen. */
export async function runChaos({ seed, lengthMs, load, sink }: ChaosOptions): Promise<Outcome> {
  const played = nothingPlayed()
  const ears = listenForNumbers(played.seen)
  const hearingSink = (line: string, name: string) => {
    ears.hear('lines', line, name)
    if (line.includes('"audit-mismatch"')) played.seen.push({ check: 'E2', what: `${name} says: ${line}` })
    sink(line, name)
  }
  const log = (line: string) => sink(line, 'CHAOS')
  await using chaotic = await startChaoticSystem(hearingSink)
  const { system, edges, outages, inboundUrl } = chaotic
  await using world = await openWorld({
    runFile: system.runFile,
    processFolder: system.processFolder,
    sink: hearingSink,
    inboundUrl,
    outages,
    onError: (text) => ears.hear('errors', text, 'an answer'),
  })
  const plan = planOf(seed, lengthMs, world.processes.names, load)
  const stage: Stage = { world, edges, plan, played, log }
  const during = await playAll(stage, ears)
  const { evidence, subscriber } = await judged(stage, during.subscriber, system.databaseId)
  await during.close()
  const stoppedAfterMs = await stopAll(chaotic, world, stage)
  return {
    plan,
    evidence,
    verdicts: judge(evidence),
    heard: ears.heard,
    subscriber,
    samples: during.samples,
    malformed: played.malformed,
    drainedAfterMs: during.drainedAfterMs,
    passesAgainAfterMs: during.passesAgainAfterMs,
    stoppedAfterMs,
  }
}

/** The run itself, up to where every queue has drained. */
async function playAll(stage: Stage, ears: Ears) {
  const { world, edges, plan, played, log } = stage
  await setTheStage(stage)
  const open = new AsyncDisposableStack()
  open.use(listenToAllSubjects(world.system.natsUrl, (subject) => ears.hear('subjects', subject, 'NATS')))
  const subscriber = open.use(
    await openSubscriber({
      natsUrl: `nats://127.0.0.1:${edges.port('subscriber', 'nats')}`,
      complianceUrl: `http://127.0.0.1:${edges.port('subscriber', 'compliance')}`,
      token: world.token,
      accounts: plan.accounts.map(({ accountId }) => accountId),
    }),
  )
  const sampling = new AbortController()
  const watching = watch(world, played.sendings, played.seen, sampling.signal)
  const reading = ears.readMetrics(world, services, sampling.signal)
  await play(stage)
  log('the faults are over')
  await world.ready(services, 60_000).catch((error: Error) => {
    played.seen.push(tooLate(error.message))
  })
  const quietAt = performance.now()
  const passesAgainAfterMs = await probe(stage)
  for (const { sending, text } of await drain(world, played.sendings, drainWithinMs, log)) {
    played.unended.push(sending)
    played.seen.push(tooLate(`not ended within ${drainWithinMs / 1_000} s: ${text}`))
  }
  const drainedAfterMs = performance.now() - quietAt
  log('drained')
  sampling.abort()
  await reading
  return {
    subscriber,
    samples: await watching,
    passesAgainAfterMs,
    drainedAfterMs,
    close: () => open.disposeAsync(),
  }
}

/** What no webhook brought comes with the next poll, and a START waits while the carrier does not tell its time. */
async function judged(stage: Stage, subscriber: Subscriber, databaseId: string) {
  const isOver = patience(arriveWithinMs)
  for (;;) {
    const evidence = evidenceOf(await collect(stage, subscriber, databaseId))
    const isBroken = judge(evidence).some(({ broken }) => broken.length > 0)
    if (!isBroken || isOver()) return { evidence, subscriber: subscriber.counts }
    await sleep(1_000)
  }
}

/** Everything ends when told, by itself, and nothing listens any more (D2). */
async function stopAll({ system, edges }: ChaoticSystem, world: World, { played }: Stage): Promise<number> {
  const wrong = (what: string) => played.seen.push({ check: 'D2', what })
  const began = performance.now()
  for (const name of await world.processes.stop(stopWithinMs))
    wrong(`${name} did not end within ${stopWithinMs / 1_000} s of SIGTERM`)
  const took = performance.now() - began
  await edges[Symbol.asyncDispose]()
  for (const pid of [...world.processes.everyPid, ...edges.pids])
    if (identify(pid) !== null) wrong(`process ${pid} lives on`)
  const ports = [
    ...system.run.processes.map(({ name, url }) => ({ name, port: Number(new URL(url).port) })),
    ...edges.all,
  ]
  for (const { name, port } of ports) if (await isOpen(port)) wrong(`the port of ${name} is open`)
  return took
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { collect } from './story/collect.ts'
import { judge } from './story/judge.ts'
import { planOf } from './story/plan.ts'
import { play, setTheStage } from './story/play.ts'
import { startWholeSystem } from './story/system.ts'
import { drain, watch } from './story/watch.ts'
import { openWorld } from './story/world.ts'

// STORY_SECONDS plays longer, STORY_SEED another story (`STORY_SEED=$RANDOM`), STORY_RUN_FILE plays in a system that runs
// (`npm run demo -- --keep` writes .heed/run.json), STORY_LOG names a file for what is done and said.

const seconds = Number(process.env.STORY_SECONDS ?? 20)
const seed = Number(process.env.STORY_SEED ?? 1)
/** A text that a killed sender had claimed waits for the end of its lease, 30 s; a busy machine adds to it. */
const drainWithinMs = 120_000
const arriveWithinMs = 20_000

test('people say STOP and START while every process is killed with kill -9 at random moments: nobody is texted too late, nothing is lost, doubled or left over (E1, E3, E4, E5, E7, E8, E9, E12)', async () => {
  const file = process.env.STORY_LOG
  const sink = (line: string, name: string) => {
    if (file) appendFileSync(file, `${new Date().toISOString()} ${name}: ${line}\n`)
  }
  const log = (line: string) => sink(line, 'STORY')
  const given = process.env.STORY_RUN_FILE
  await using system = given
    ? null
    : await startWholeSystem({
        servers: 'own',
        extra: { 'inbound-sms': { RECONCILE_EVERY_MS: '4000' } },
        sink,
      })
  await using world = await openWorld(given ?? system?.runFile ?? '', inject('processFolder'), sink)
  const kinds = world.system.processes.map(({ name }) => name)
  const plan = planOf(seed, seconds * 1_000, kinds)
  await setTheStage(world, plan)

  const sampling = new AbortController()
  const live = { said: [], sendings: [], seen: [] } as Parameters<typeof play>[3]
  const watching = watch(world, live.sendings, live.seen, sampling.signal)
  await play(world, plan, log, live)
  log('played to its end')
  await world.ready(['compliance', 'inbound-sms', 'campaign', 'sequence', 'carrier-sim'], 30_000)
  const left = await drain(world, live.sendings, drainWithinMs, log)
  log('drained')
  sampling.abort()
  const samples = await watching

  // What no webhook brought comes with the next poll, and a START waits while the carrier does not tell its time.
  const until = performance.now() + arriveWithinMs
  let facts = await collect(world, plan, live, !given)
  while (judge(facts).length > 0 && performance.now() < until) {
    await sleep(1_000)
    facts = await collect(world, plan, live, !given)
  }
  const count = (state: string) => facts.rows.filter((row) => row.state === state).length
  console.log(
    `seed ${seed}: ${facts.rows.length} texts (${['sent', 'suppressed', 'failed', 'unknown'].map((state) => `${count(state)} ${state}`).join(', ')}), ${facts.said.length} words, ${world.kills.length} kills, ${samples} samples`,
  )
  const broken = [
    ...left.map((text) => `E12: not ended within ${drainWithinMs / 1_000} s: ${text}`),
    ...judge(facts),
  ]
  expect(broken, `seed ${seed}; play it again with STORY_SEED=${seed}`).toEqual([])
  expect(kinds.filter((kind) => !world.kills.some(({ name }) => name === kind))).toEqual([])
}, 600_000)

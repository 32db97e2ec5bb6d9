import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { Plan } from './scenario/plan.ts'
import { simulateInWorkers } from './seed-workers.ts'
import { simulateSeeds, type WorldChange, worldChanges } from './simulate.ts'

// Run by `npm run simulate -- --seeds N [--from S] [--json]` and `npm run simulate -- --mutants [ID…] [--seeds N]`.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    workers: { type: 'string' },
    first: { type: 'boolean', default: false },
    world: { type: 'string' },
  },
})
// Errors are values here, thousands a second; their stacks would cost more than the rest.
Error.stackTraceLimit = 0

if (values.mutants) await mutants(positionals)
else await seeds()

async function mutants(ids: readonly string[]): Promise<void> {
  const { trialTable, tryMutants } = await import('./mutants/try-mutants.ts')
  const seedsEach = Number(values.seeds)
  const trials = await tryMutants(ids, { seedsEach, atOnce: Number(values.workers ?? 2) })
  console.log(`\n${trialTable(trials)}`)
  const survivors = trials.filter(({ caught }) => caught === null)
  console.log(`${trials.length - survivors.length} of ${trials.length} caught within ${seedsEach} seeds`)
  process.exitCode = survivors.length === 0 && trials.length > 0 ? 0 : 1
}

async function seeds(): Promise<void> {
  const count = Number(values.seeds)
  const from = Number(values.from)
  const workers = Math.max(
    1,
    Math.min(Number(values.workers ?? availableParallelism()), Math.ceil(count / 200)),
  )
  const change = values.world ? worldChanges[values.world as WorldChange] : (plan: Plan) => plan
  const startedAt = performance.now()
  const options = { from, count, stopAtFirst: values.first, change }
  const totals =
    values.first || values.world
      ? await simulateSeeds({ ...options, step: 1 })
      : await simulateInWorkers({ from, count, workers })
  const seconds = (performance.now() - startedAt) / 1_000
  if (totals.seed !== undefined && !values.json) {
    const { tellHistory } = await import('./tell-history.ts')
    await tellHistory(totals.seed, change)
  }
  if (!values.json) {
    console.log(
      `${totals.seeds} seeds in ${seconds.toFixed(1)} s, ${(totals.seeds / seconds).toFixed(0)} a second`,
    )
    console.log(
      `${totals.sends} texts handed over, ${totals.holds} held; worst staleness ${totals.worstStalenessMs.toFixed(1)} ms of 550`,
    )
    console.log(
      totals.violations === 0
        ? 'no violation'
        : `${totals.violations} violations; the first in seed ${totals.seed}`,
    )
  }
  if (values.json) console.log(JSON.stringify(totals))
  process.exitCode = totals.violations === 0 ? 0 : 1
}

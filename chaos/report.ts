import { cpus, loadavg, totalmem } from 'node:os'
import type { Verdict } from './checks/check.ts'
import { staleTexts } from './checks/safety.ts'
import type { Outcome } from './run.ts'
import { lengthOf, type Outage } from './system/outages.ts'

/** What a run came to, for a program. */
export interface Summary {
  readonly seed: number
  readonly minutes: number
  readonly kills: number
  readonly netFaults: number
  readonly pauses: number
  readonly texts: Readonly<Record<string, number>>
  readonly optOuts: number
  readonly worstStalenessMs: number
  /** First bytes marked late: the process stood still between gate and write. */
  readonly late: number
  readonly violations: number
  readonly broken: readonly string[]
  /** Not judged: what has to be quiet within a time, on a machine where nothing could have been. */
  readonly notJudged: readonly string[]
}

export function summaryOf(outcome: Outcome): Summary {
  const { plan, evidence, verdicts } = outcome
  const { facts, firstBytes } = evidence
  const count = (what: string[]) => facts.outages.filter((outage) => what.includes(outage.what)).length
  const states = Object.entries(Object.groupBy(facts.rows, ({ state }) => state))
  const unexcused = staleTexts(evidence).filter(({ byte }) => byte.excuse === null)
  return {
    seed: plan.seed,
    minutes: plan.lengthMs / 60_000,
    kills: count(['kill']),
    netFaults: count(['cut', 'blackhole', 'delay']),
    pauses: count(['pause']),
    texts: Object.fromEntries(states.map(([state, rows]) => [state, rows?.length ?? 0])),
    optOuts: facts.said.filter(({ word, ackedAt }) => word === 'stop' && ackedAt !== null).length,
    worstStalenessMs: Math.max(0, ...unexcused.map(({ ms }) => ms)),
    late: firstBytes.filter(({ excuse, how }) => excuse === 'late' && how === 'written').length,
    violations: verdicts.reduce((sum, { broken }) => sum + broken.length, 0),
    broken: verdicts.filter(({ broken }) => broken.length > 0).map(({ name }) => name),
    notJudged: verdicts.filter(({ unsure }) => unsure.length > 0).map(({ name }) => name),
  }
}

const brokenShown = 12
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`

/** The page. */
export function reportOf(outcome: Outcome): string {
  const { plan, verdicts } = outcome
  const { seed, lengthMs, load } = plan
  return [
    `Chaos: seed ${seed}, ${lengthMs / 60_000} minutes, ${new Date().toISOString()}`,
    `  npm run chaos -- --minutes ${lengthMs / 60_000} --seed ${seed}${load === 1 ? '' : ` --load ${load}`}`,
    `  ${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}; ${loadavg()
      .map((one) => one.toFixed(0))
      .join(', ')} processes wanted to run over the last 1, 5 and 15 minutes`,
    '',
    'What was done to it',
    ...harmDone(outcome.evidence.facts.outages),
    '',
    'What it did meanwhile',
    ...workDone(outcome),
    '',
    'What held',
    ...verdicts.flatMap(verdictLines),
    '',
  ].join('\n')
}

function verdictLines({ name, promise, broken, unsure }: Verdict): string[] {
  const word = broken.length > 0 ? 'BROKEN' : unsure.length > 0 ? 'unsure' : 'held  '
  const crowded = 'the machine was too crowded to judge this, and nothing is claimed:'
  const why = unsure.length > 0 ? [crowded, ...unsure.slice(0, brokenShown)] : []
  const more = [broken, unsure].map(({ length }) => length - brokenShown).filter((left) => left > 0)
  return [
    `  ${word} ${name.padEnd(5)} ${promise}`,
    ...[...broken.slice(0, brokenShown), ...why].map((what) => `           ${what}`),
    ...more.map((left) => `           and ${left} more`),
  ]
}

const verbs: Readonly<Record<Outage['what'], string>> = {
  kill: 'kill -9 and start again',
  pause: 'SIGSTOP and SIGCONT',
  cut: 'connections reset and refused',
  blackhole: 'connections kept, nothing let through',
  delay: 'connections delayed',
}

/** By kind of harm and by target: how often, and for how long in all. */
function harmDone(outages: readonly Outage[]): string[] {
  const kinds = Object.keys(verbs) as Outage['what'][]
  return kinds.flatMap((kind) => {
    const done = outages.filter(({ what }) => what === kind)
    const byTarget = Object.entries(Object.groupBy(done, ({ target }) => target.replace(/^.*>/, 'to '))) as [
      string,
      Outage[],
    ][]
    const targets = byTarget
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([target, hits]) => `${target} ${hits.length} (${seconds(lengthOf(hits))})`)
    return [`  ${verbs[kind]}: ${done.length}`, `    ${targets.join(', ')}`]
  })
}

function workDone(outcome: Outcome): string[] {
  const { evidence, heard, subscriber, malformed, samples } = outcome
  const { facts } = evidence
  const { texts, optOuts, worstStalenessMs, late } = summaryOf(outcome)
  const said = (by: string) =>
    facts.said.filter((one) => one.by === by && one.word === 'stop' && one.ackedAt !== null).length
  const starts = facts.said.filter(({ word, ackedAt }) => word === 'start' && ackedAt !== null).length
  const changes = facts.accounts.reduce((sum, { head }) => sum + head, 0)
  const worst = staleTexts(evidence).filter(({ byte }) => byte.excuse === null)
  const by = (how: string) => Math.max(0, ...worst.filter(({ byte }) => byte.how === how).map(({ ms }) => ms))
  return [
    `  ${facts.rows.length} texts of ${facts.sendings.length} broadcasts and sequences: ${Object.entries(
      texts,
    )
      .map(([state, count]) => `${count} ${state}`)
      .join(', ')}; ${late} marked late at the gate`,
    `  ${optOuts} opt-outs acknowledged: ${said('carrier') + said('direct')} by text, ${said('hand')} by hand, ${said('import')} by import; ${starts} STARTs, ${facts.lifts.length} lifted by hand; ${changes} changes in the ledger`,
    `  worst staleness, from an opt-out's answer to the last first byte after it: ${worstStalenessMs} ms (written ${by('written')}, received ${by('received')})`,
    `  malformed inputs: ${malformed.refused} refused, ${malformed.unanswered} not answered in an outage`,
    `  heard: ${heard.lines} lines, ${heard.subjects} subjects, ${heard.pages} pages of metrics, ${heard.errors} errors; ${samples} samples of counts`,
    `  the subscriber got ${subscriber.events} events, saw ${subscriber.gaps} gaps and asked ${subscriber.asked} times`,
    `  the faults over and all ready, every sender handed over within ${seconds(outcome.passesAgainAfterMs)}, every queue drained within ${seconds(outcome.drainedAfterMs)}; all ended ${seconds(outcome.stoppedAfterMs)} after SIGTERM`,
  ]
}

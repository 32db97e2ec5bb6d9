import { Counter, Gauge, Histogram, type Registry } from '@heed/service'

export function complianceMetrics(registry: Registry) {
  const registers = [registry]
  return {
    committed: new Counter({
      name: 'heed_changes_committed_total',
      help: 'Changes that took a rev, by what they did.',
      labelNames: ['list', 'outcome'],
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'heed_commit_seconds',
      help: 'From the arrival of a change to its commit.',
      labelNames: ['priority'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
    publishSeconds: new Histogram({
      name: 'heed_publish_seconds',
      help: 'From the decision of a change to its acknowledgement by NATS.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 60],
      registers,
    }),
    behindRevs: new Gauge({
      name: 'heed_changes_behind',
      help: 'Changes committed and not folded, or not published, over all accounts.',
      labelNames: ['step'],
      registers,
    }),
    behindSeconds: new Gauge({
      name: 'heed_changes_behind_seconds',
      help: 'Age of the oldest change that is not folded, or not published.',
      labelNames: ['step'],
      registers,
    }),
    foldsStopped: new Counter({
      name: 'heed_folds_stopped_total',
      help: 'Accounts whose ledger contradicts itself; any is an alarm.',
      registers,
    }),
  }
}
export type ComplianceMetrics = ReturnType<typeof complianceMetrics>

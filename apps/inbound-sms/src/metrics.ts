import { Counter, Gauge, Histogram, type Registry } from '@heed/service'

/** Everything that this service counts. No label ever holds a phone number. */
export function inboundMetrics(registry: Registry) {
  const registers = [registry]
  return {
    webhooks: new Counter({
      name: 'heed_inbound_webhooks_total',
      help: 'Webhooks by what was answered.',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    webhookSeconds: new Histogram({
      name: 'heed_inbound_webhook_seconds',
      help: 'From the whole request to its answer.',
      labelNames: ['kind'],
      buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.3, 1.5, 2],
      registers,
    }),
    signatureFailures: new Counter({
      name: 'heed_inbound_signature_failures_total',
      help: 'Webhooks that the carrier did not sign for this public URL.',
      labelNames: ['kind'],
      registers,
    }),
    messages: new Counter({
      name: 'heed_inbound_messages_total',
      help: 'Texts settled, by what they asked for and what was done.',
      labelNames: ['intent', 'outcome', 'via'],
      registers,
    }),
    ...journalMetrics(registers),
    kept: new Gauge({
      name: 'heed_inbound_kept_messages',
      help: 'Texts in the durable list: for business numbers that nobody owns, or for a person to look at.',
      labelNames: ['because'],
      registers,
    }),
    hints: new Counter({
      name: 'heed_inbound_hints_published_total',
      help: 'Provisional hints about opt-outs that are not committed yet.',
      registers,
    }),
    reconcileFound: new Counter({
      name: 'heed_inbound_reconcile_found_total',
      help: 'Texts found in the carrier list that no webhook had brought.',
      registers,
    }),
    reconciledAt: new Gauge({
      name: 'heed_inbound_reconcile_last_success_timestamp_seconds',
      help: 'When the carrier list was last read to its end.',
      registers,
    }),
    lateReplies: new Counter({
      name: 'heed_inbound_late_replies_total',
      help: 'Replies that missed the webhook answer, by what became of them.',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
  }
}
export type InboundMetrics = ReturnType<typeof inboundMetrics>

function journalMetrics(registers: Registry[]) {
  return {
    journalEntries: new Gauge({
      name: 'heed_inbound_journal_entries',
      help: 'Entries in the journal, by what they wait for.',
      labelNames: ['lane'],
      registers,
    }),
    journalOldestSeconds: new Gauge({
      name: 'heed_inbound_journal_oldest_seconds',
      help: 'Age of the oldest entry, by what it waits for.',
      labelNames: ['lane'],
      registers,
    }),
    journalUsable: new Gauge({
      name: 'heed_inbound_journal_usable',
      help: 'Whether the journal took the last operation.',
      registers,
    }),
    journalFailures: new Counter({
      name: 'heed_inbound_journal_failures_total',
      help: 'Texts and receipts that the journal did not take.',
      registers,
    }),
  }
}

import type { AuditedClearance, AuditFinding, ClearanceText } from '@heed/clearance'
import { Counter, type Logger, type RaiseAlarm, type Registry, startLoop, type Timers } from '@heed/service'
import type { HandOverBasis } from './carrier/carrier.ts'
import type { ComplianceCalls } from './compliance-calls.ts'

/** At least this long after the gate, so that what was being committed then is in the ledger. */
const passEveryMs = 5_000
const samplesMax = 20

/** A text that was handed over. */
export interface HandedOver {
  readonly text: ClearanceText
  readonly attemptId: string
  readonly basis: HandOverBasis
}

export interface ClearanceAudit extends AsyncDisposable {
  /** Of all that it is told of between two passes, up to 20 are audited, each text with the same chance. */
  sample(handedOver: HandedOver): void
}

/**
 * Has compliance judge some of the clearances that this process used, by the ledger, which had no part in giving them.
 * What does not agree is an alarm; what cannot be judged is counted. No text waits for it.
 */
export function startClearanceAudit(deps: {
  readonly audit: ComplianceCalls['audit']
  readonly raise: RaiseAlarm
  readonly metrics: Registry
  readonly log: Logger
  readonly timers: Timers
  readonly random: () => number
}): ClearanceAudit {
  const audited = new Counter({
    name: 'heed_clearance_audits_total',
    help: 'Clearances of texts handed over, by what the ledger says of them. All but agrees and unknowable are alarms.',
    labelNames: ['finding'],
    registers: [deps.metrics],
  })
  let fresh = evenSample<HandedOver>(samplesMax, deps.random)
  let due: readonly HandedOver[] = []

  const judge = (finding: AuditFinding | undefined, { attemptId, basis, text }: HandedOver) => {
    if (finding === undefined) return
    audited.inc({ finding })
    if (finding === 'agrees' || finding === 'unknowable') return
    const { epoch, rev } = basis
    deps.raise('audit-mismatch', { account: text.accountId, attempt: attemptId, finding, epoch, rev })
  }
  const loop = startLoop({
    name: 'audit of clearances',
    everyMs: passEveryMs,
    log: deps.log,
    timers: deps.timers,
    random: deps.random,
    run: async () => {
      if (due.length > 0) {
        const findings = await deps.audit({ clearances: due.map(clearanceOf) })
        for (const [at, handedOver] of due.entries()) judge(findings[at], handedOver)
      }
      due = fresh.items
      fresh = evenSample(samplesMax, deps.random)
    },
  })
  return {
    sample: (handedOver) => fresh.add(handedOver),
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  }
}

function clearanceOf({ text, basis }: HandedOver): AuditedClearance {
  const { accountId, number, origin } = text
  const { epoch, rev, gatedAt } = basis
  return { accountId, number, origin, epoch, rev, gatedAt: new Date(gatedAt).toISOString() }
}

/** Keeps `max` of what it is given, each with the same chance (reservoir sampling, Vitter's algorithm R). */
function evenSample<Item>(max: number, random: () => number) {
  const items: Item[] = []
  let seen = 0
  return {
    items,
    add(item: Item): void {
      seen += 1
      const at = seen <= max ? seen - 1 : Math.floor(random() * seen)
      if (at < max) items[at] = item
    },
  }
}

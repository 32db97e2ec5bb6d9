import type { Bus } from '@heed/nats'
import type { Clock, Logger, RaiseAlarm, Timers } from '@heed/service'
import type { Carrier } from '../clients/carrier.ts'
import type { Compliance } from '../clients/compliance.ts'
import type { Config } from '../config.ts'
import type { InboundMetrics } from '../metrics.ts'
import type { Journal } from '../store/journal.ts'
import type { Owners } from '../store/owners.ts'
import type { Stores } from '../store/stores.ts'
import { answerHelp } from './answer-help.ts'
import { applyKept } from './apply-kept.ts'
import { commitWaiting, publishWaiting, storeWaiting } from './drain-journal.ts'
import { type HintDeps, provisionalHints } from './hints.ts'
import { openInbox } from './inbox.ts'
import { pastTexts, repliedSince } from './past-texts.ts'
import { recallTexts } from './recall-texts.ts'
import { receiveReceipt } from './receive-receipt.ts'
import { reconcile } from './reconcile.ts'
import { recordOptIn } from './record-opt-in.ts'
import { recordCarrierRefusal, recordOptOut } from './record-opt-out.ts'
import { sendLateReply } from './send-late-reply.ts'
import { settleMessage } from './settle-message.ts'
import { watchState } from './watch-state.ts'

/** Wires every use case of this service; `stores` throws while it is not there. */
export function composeUseCases(deps: {
  config: Pick<Config, 'TWILIO_ACCOUNT_SID' | 'RECONCILE_EVERY_MS'>
  journal: Journal
  owners: Owners
  compliance: Compliance
  carrier: Carrier
  stores: () => Stores
  bus: Bus
  hint: HintDeps['publish']
  metrics: InboundMetrics
  raise: RaiseAlarm
  clock: Clock
  timers: Timers
  random: () => number
  log: Logger
}) {
  const arrivals = () => deps.stores().arrivals
  const kept = () => deps.stores().kept
  const hints = provisionalHints({ ...deps, publish: deps.hint })
  const byIntent = {
    'opt-out': recordOptOut(deps),
    'opt-in': recordOptIn(deps),
    help: answerHelp(deps),
  }
  const inbox = openInbox({
    ...deps,
    arrivals,
    hints,
    settle: settleMessage({ ...deps, kept, byIntent }),
    sendLateReply: sendLateReply(deps),
  })
  const refuse = recordCarrierRefusal(deps)
  return {
    inbox,
    receiveReceipt: receiveReceipt({ ...deps, refuse }),
    repeatHints: hints.repeat,
    whenHintMissed: hints.whenMissed,
    commitWaiting: commitWaiting({ ...deps, inbox, refuse }),
    storeWaiting: storeWaiting({ ...deps, arrivals }),
    publishWaiting: publishWaiting(deps),
    applyKept: applyKept({ ...deps, kept, inbox }),
    reconcile: reconcile({
      ...deps,
      carrierAccount: deps.config.TWILIO_ACCOUNT_SID,
      everyMs: deps.config.RECONCILE_EVERY_MS,
      kept,
      arrivals,
      polls: () => deps.stores().polls,
      inbox,
    }),
    pastTexts: pastTexts({ arrivals }),
    repliedSince: repliedSince({ arrivals }),
    recall: recallTexts({ ...deps, carrierAccount: deps.config.TWILIO_ACCOUNT_SID, arrivals }),
    ...watchState({
      ...deps,
      kept,
      polls: () => deps.stores().polls,
      carrierAccount: deps.config.TWILIO_ACCOUNT_SID,
      reconcileEveryMs: deps.config.RECONCILE_EVERY_MS,
    }),
  }
}
export type UseCases = ReturnType<typeof composeUseCases>

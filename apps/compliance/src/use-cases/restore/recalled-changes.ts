import type { RecalledText } from '../../clients/inbound-sms.ts'
import type { Change } from '../../domain/decide.ts'
import type { Outcome } from '../../domain/entry.ts'
import type { SourceRecord } from '../../store/sources.ts'
import type { RandomHex } from '../accounts.ts'
import type { Requested } from '../commit-group.ts'
import type { ConsentChanged } from './lost-changes.ts'

interface Recall {
  readonly restoreId: string
  readonly now: Date
  readonly randomHex: RandomHex
}

/** A lost change as its event tells it, with what inbound-sms still knows of the text behind it. */
export function requestOfEvent(
  event: ConsentChanged,
  text: RecalledText | undefined,
  recall: Recall,
): Requested {
  const carrierAccount = event.carrierAccount ?? text?.message.carrierAccount
  const change: Change = {
    kind: 'recalled',
    src: event.source,
    list: event.list,
    numbers: [event.number],
    op: event.op,
    ...(event.outcome ? { outcome: event.outcome as Outcome } : {}),
    ...(event.sentAt ? { sentAt: new Date(event.sentAt) } : {}),
    ...(carrierAccount ? { carrierAccount } : {}),
    // An event that does not say so may be a person's own: then only the person lifts it.
    texted: event.texted ?? (event.outcome === undefined && event.list === 'own'),
    at: new Date(event.at),
  }
  const note = text
    ? `Committed again after restore ${recall.restoreId} from its event; the text is as inbound-sms received it.`
    : `Committed again after restore ${recall.restoreId} from its event; what was received or noted is lost.`
  return { change, source: sourceOf({ ...event, note }, text, recall) }
}

/** A lost text as inbound-sms received it: decided now, by the times that the carrier told. */
export function requestOfText(
  text: RecalledText,
  blockTimes: ReadonlyMap<string, Date>,
  recall: Recall,
): Requested {
  const { source, number, intent, sentAt, onlyIfBlocked, message } = text
  const times = {
    ...(sentAt ? { sentAt: new Date(sentAt) } : {}),
    carrierAccount: message.carrierAccount,
  }
  const change: Change =
    intent === 'opt-out'
      ? { kind: 'opt-out', src: source, list: 'own', numbers: [number], texted: true, ...times }
      : {
          kind: 'opt-in',
          src: source,
          numbers: [number],
          how: { by: 'text', start: { ...times, blockTimes }, onlyIfBlocked },
        }
  const note = `Committed again after restore ${recall.restoreId}, as inbound-sms received it.`
  return { change, source: sourceOf({ ...text, note }, text, recall) }
}

function sourceOf(
  told: {
    source: string
    cause: string
    sentAt?: string | undefined
    businessNumber?: string | undefined
    note: string
  },
  text: RecalledText | undefined,
  { now, randomHex }: Recall,
): SourceRecord {
  const sentAt = told.sentAt ?? text?.sentAt
  const businessNumber = told.businessNumber ?? text?.businessNumber
  return {
    src: told.source,
    cause: told.cause,
    ...(sentAt ? { sentAt: new Date(sentAt) } : {}),
    note: told.note,
    ...(businessNumber ? { businessNumber } : {}),
    ...(text ? { message: { ...text.message, receivedAt: new Date(text.message.receivedAt) } } : {}),
    salt: randomHex(16),
    storedAt: now,
  }
}

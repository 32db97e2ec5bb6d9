import type { consentChanged, EventOf } from '@heed/events'
import type { RecalledText } from '../../clients/inbound-sms.ts'
import { stateKey } from '../../domain/fold.ts'
import type { ConsentStores } from '../../store/stores.ts'

export type ConsentChanged = EventOf<typeof consentChanged>

const changesAtOnce = 256

/** What a source decided for a number on a list: it does so once (E4). */
interface Decided {
  readonly src: string
  readonly list: string
  readonly n: string
}
const decidedKey = ({ src, list, n }: Decided) => `${stateKey(n, list)}/${src}`

/** Which of some sources' decisions stand, in the ledger or not folded yet. */
async function standing(stores: ConsentStores, a: string, srcs: readonly string[]): Promise<Set<string>> {
  return stores.session(async (session) => {
    const head = await stores.heads.readMajority(a, session)
    if (!head) return new Set<string>()
    const rows = await stores.ledger.bySources(a, [...new Set(srcs)], session)
    return new Set([...rows, ...head.recent].map(decidedKey))
  })
}

/**
 * Of the events that NATS keeps, those whose change is not in the ledger, by account and in the order in which
 * they were decided: epochs as they began, revs within them. Whether a rev is in the ledger proves nothing:
 * where somebody went on without `restore-epoch`, one rev stands for two changes.
 */
export async function lostEvents(
  stores: ConsentStores,
  events: AsyncIterable<ConsentChanged>,
): Promise<Map<string, ConsentChanged[]>> {
  const epochs = new Map<string, number>()
  const lost = new Map<string, Map<string, ConsentChanged>>()
  const keepLost = async (batch: readonly ConsentChanged[]) => {
    for (const [a, ofAccount] of Map.groupBy(batch, ({ account }) => account)) {
      const known = await standing(
        stores,
        a,
        ofAccount.map(({ source }) => source),
      )
      const kept = lost.get(a) ?? new Map<string, ConsentChanged>()
      for (const event of ofAccount) {
        const key = decidedKey({ src: event.source, list: event.list, n: event.number })
        if (!known.has(key) && !kept.has(key)) kept.set(key, event)
      }
      if (kept.size > 0) lost.set(a, kept)
    }
  }
  let batch: ConsentChanged[] = []
  for await (const event of events) {
    const epoch = `${event.account}/${event.epoch}`
    if (!epochs.has(epoch)) epochs.set(epoch, epochs.size)
    batch.push(event)
    if (batch.length < changesAtOnce) continue
    await keepLost(batch)
    batch = []
  }
  await keepLost(batch)
  const place = ({ account, epoch }: ConsentChanged) => epochs.get(`${account}/${epoch}`) ?? 0
  const inOrder = (one: ConsentChanged, other: ConsentChanged) =>
    place(one) - place(other) || one.rev - other.rev
  return new Map([...lost].map(([a, kept]) => [a, [...kept.values()].sort(inOrder)]))
}

/** Of an account's texts those that decided nothing that stands, in the order in which they were sent. */
export async function lostTexts(
  stores: ConsentStores,
  a: string,
  texts: readonly RecalledText[],
): Promise<RecalledText[]> {
  const lost: RecalledText[] = []
  for (let from = 0; from < texts.length; from += changesAtOnce) {
    const batch = texts.slice(from, from + changesAtOnce)
    const known = await standing(
      stores,
      a,
      batch.map(({ source }) => source),
    )
    const stands = ({ source, number, intent }: RecalledText) =>
      (intent === 'opt-out' ? ['own'] : ['own', 'carrier']).some((list) =>
        known.has(decidedKey({ src: source, list, n: number })),
      )
    lost.push(...batch.filter((text) => !stands(text)))
  }
  const sent = ({ sentAt, message }: RecalledText) => sentAt ?? message.receivedAt
  return lost.sort((one, other) => Date.parse(sent(one)) - Date.parse(sent(other)))
}

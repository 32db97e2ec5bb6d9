import type { PhoneNumber } from '@heed/phone'
import type { InboundSms, RecalledText } from '../../clients/inbound-sms.ts'
import type { AccountStore } from '../../store/accounts.ts'
import type { ConsentStores } from '../../store/stores.ts'
import { type ConsentChanged, lostEvents, lostTexts } from './lost-changes.ts'

/** What the world outside the database knows of one account and the ledger lacks. */
export interface LostOfAccount {
  readonly events: readonly ConsentChanged[]
  readonly texts: readonly RecalledText[]
  /** By source, also of those that events tell of or that stand: evidence, and when each was sent. */
  readonly known: ReadonlyMap<string, RecalledText>
}

export interface Lost {
  readonly byAccount: ReadonlyMap<string, LostOfAccount>
  /** Whose business number it was, where the database does not say so any more. */
  readonly owners: ReadonlyMap<PhoneNumber, string>
}

export interface GatherDeps {
  readonly stores: ConsentStores
  readonly accounts: Pick<AccountStore, 'page' | 'numbersOf' | 'ownerOf'>
  /** What the stream of changes holds; empty where the operator goes without it. */
  readonly events: () => AsyncIterable<ConsentChanged>
  /** Every instance of inbound-sms, because each has a journal of its own. */
  readonly inboundSms: readonly InboundSms[]
}

/** Asks the stream, what inbound-sms received, its journals and the carrier's list, and keeps what is lost. */
export async function gatherLost(deps: GatherDeps, since: Date): Promise<Lost> {
  const events = await lostEvents(deps.stores, deps.events())
  const owners = await owningNumbers(deps, events)
  const texts = await gatherTexts(deps, since, owners)
  const byAccount = new Map<string, LostOfAccount>()
  for (const a of new Set([...events.keys(), ...texts.keys()])) {
    const known = texts.get(a) ?? new Map<string, RecalledText>()
    const told = new Set((events.get(a) ?? []).map(({ source }) => source))
    const untold = [...known.values()].filter(({ source }) => !told.has(source))
    const lost = { events: events.get(a) ?? [], texts: await lostTexts(deps.stores, a, untold), known }
    if (lost.events.length + lost.texts.length > 0) byAccount.set(a, lost)
  }
  const given = new Map<PhoneNumber, string>()
  for (const [number, a] of owners) {
    if ((await deps.accounts.ownerOf(number)) === null) given.set(number, a)
  }
  return { byAccount, owners: given }
}

/** Business numbers of the database, and of the lost changes. */
async function owningNumbers(
  { accounts }: GatherDeps,
  events: ReadonlyMap<string, readonly ConsentChanged[]>,
): Promise<Map<PhoneNumber, string>> {
  const owners = new Map<PhoneNumber, string>()
  for (const [a, ofAccount] of events) {
    for (const { businessNumber } of ofAccount) if (businessNumber) owners.set(businessNumber, a)
  }
  const limit = 500
  for (let after = ''; ; ) {
    const ids = (await accounts.page({ after, limit })).map(({ accountId }) => accountId)
    for (const [a, numbers] of await accounts.numbersOf(ids)) {
      for (const number of numbers) owners.set(number as PhoneNumber, a)
    }
    after = ids.at(-1) ?? after
    if (ids.length < limit) return owners
  }
}

/** Every text that asked for an opt-out or an opt-in, by account and source; `owners` learns of more numbers. */
async function gatherTexts(
  { inboundSms }: GatherDeps,
  since: Date,
  owners: Map<PhoneNumber, string>,
): Promise<Map<string, Map<string, RecalledText>>> {
  const byAccount = new Map<string, Map<string, RecalledText>>()
  const take = (text: RecalledText) => {
    const a = text.accountId ?? owners.get(text.businessNumber)
    // Nobody's: inbound-sms keeps it in its own durable list until somebody owns the number.
    if (a === undefined) return
    if (!owners.has(text.businessNumber)) owners.set(text.businessNumber, a)
    const ofAccount = byAccount.get(a) ?? new Map<string, RecalledText>()
    const before = ofAccount.get(text.source)
    const sentAt = before?.sentAt ?? text.sentAt
    ofAccount.set(text.source, { ...(before ?? text), ...(sentAt ? { sentAt } : {}) })
    byAccount.set(a, ofAccount)
  }
  const from = since.toISOString()
  for (const [place, instance] of inboundSms.entries()) {
    for await (const text of instance.journaled()) take(text)
    // Their database and the carrier's list are the same for all instances.
    if (place === 0) for await (const text of instance.settled(from)) take(text)
  }
  const [first] = inboundSms
  for (const number of first ? [...owners.keys()] : []) {
    for await (const text of first?.atCarrier(from, number) ?? []) take(text)
  }
  return byAccount
}

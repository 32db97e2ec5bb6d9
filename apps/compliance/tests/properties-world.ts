import type { AccountId, Epoch, PhoneNumber } from '@heed/phone'
import { type TestDatabase, testClock } from '@heed/testkit'
import type { Entry } from '../src/domain/entry.ts'
import type { LedgerRow } from '../src/domain/ledger-rows.ts'
import type { Head } from '../src/store/heads.ts'
import { type ConsentStores, consentStores } from '../src/store/stores.ts'
import { act, firstInstant, people, type Step, type Whose } from './consent-steps.ts'
import { type Event, instance, procedures } from './instance.ts'

/** Instances on one database, a clock that stands still until told, and timers that fire when told. */
export function openWorld(database: TestDatabase, instances: number) {
  const stores = consentStores(database.client, database.db)
  const clock = testClock(firstInstant)
  const events: Event[] = []
  const timers: (() => void)[] = []
  const publish = async (event: Event) => void events.push(event)
  const all = Array.from({ length: instances }, () => {
    const made = instance(database, stores, publish, { clock, after: (_ms, run) => void timers.push(run) })
    return { ...made, doors: { ...procedures(made), fold: made.fold } }
  })
  const [first] = all
  if (!first) throw new Error('no instance')
  return {
    clock,
    events,
    doors: first.doors,
    act: (which: number, whose: Whose, step: Step) =>
      act((all[which % instances] ?? first).doors, whose, step),
    async account(accountId: AccountId, businessNumber: PhoneNumber): Promise<Whose> {
      await first.doors.admin.accounts.create({ name: 'Acme', accountId })
      await first.doors.admin.accounts.addNumber({ accountId, number: businessNumber })
      const head = await stores.heads.readMajority(accountId)
      return { accountId, businessNumber, epoch: head?.epoch as Epoch }
    },
    standing: (accountId: AccountId) => standing(stores, accountId),
    /** Fires what waits for a later time, until nothing is under way. */
    async quiet() {
      let isOver = false
      const settled = Promise.all(all.map((each) => each.settled())).finally(() => {
        isOver = true
      })
      while (!isOver) {
        for (const run of timers.splice(0)) run()
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      await settled
    },
  }
}
export type World = ReturnType<typeof openWorld>

/** Every change that stands, folded or not, in order of rev. */
async function standing(stores: ConsentStores, a: AccountId): Promise<{ head: Head; entries: Entry[] }> {
  const head = await stores.heads.readMajority(a)
  if (!head) throw new Error('no head')
  const folded: LedgerRow[] = await stores.ledger.after(a, 0, 1_000)
  return { head, entries: [...folded, ...head.recent.filter(({ rev }) => rev > head.folded)] }
}

/** All that a caller can learn of one account. */
export async function observe(world: World, { accountId, epoch, businessNumber }: Whose): Promise<unknown> {
  const { operator, sender, inbound } = world.doors
  const seen = {
    account: await operator.accounts.get({ accountId }),
    settings: await operator.accounts.settings.get({ accountId }),
    owner: await inbound.accounts.resolve({ businessNumber }),
    check: await sender.clearance.check({ asks: [{ accountId, numbers: people }] }),
    status: await operator.consent.status({ accountId, numbers: people }),
    history: await Promise.all(people.map((number) => operator.consent.history({ accountId, number }))),
    changes: await operator.consent.changes({ accountId, after: 0 }),
    list: await operator.consent.list({ accountId }),
    events: inOrder(world.events.filter(({ account }) => account === accountId)),
  }
  return withoutChance(seen, { accountId, epoch, businessNumber })
}

/** Events come at least once, in any order: how often, and when, is for a subscriber to bear. */
function inOrder(events: readonly Event[]): Event[] {
  return [...new Map(events.map((event) => [event.rev, event])).values()].sort((a, b) => a.rev - b.rev)
}

/** What is drawn at random, and by what name an account goes, is all that two lives of one history differ in. */
export function withoutChance(seen: unknown, { accountId, epoch, businessNumber }: Whose): unknown {
  const names = new Map<unknown, string>([
    [accountId, 'account'],
    [epoch, 'epoch'],
    [businessNumber, 'business number'],
  ])
  return JSON.parse(JSON.stringify(seen ?? null), (key, value) =>
    key === 'chain' ? 'chain' : (names.get(value) ?? value),
  )
}

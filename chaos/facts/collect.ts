import type { CallAnswer } from '../outside/http.ts'
import type { Plan } from '../plan/plan.ts'
import { type Stage, stopReply } from '../play/play.ts'
import type { Subscriber } from '../play/subscriber.ts'
import { isTooCrowded } from '../system/patience.ts'
import type { World } from '../system/world.ts'
import type { AccountFacts, Change, Enrolment, Facts, Reason, Row, Sending } from './facts.ts'
import { verifyLedger } from './verify-ledger.ts'

type Text = Omit<Row, 'sending' | 'step'>
interface Page<Item> {
  rows: Item[]
  nextCursor: string | null
}
type EnrolmentItem = { number: string; state: string; reasons: Reason[]; steps: Text[] }

/** Asks for everything that can be seen from outside when all is over. */
export async function collect(stage: Stage, subscriber: Subscriber, databaseId: string): Promise<Facts> {
  const { world, plan, played } = stage
  const rows: Row[] = []
  const enrolments: Enrolment[] = []
  for (const sending of played.sendings) {
    if (sending.kind === 'broadcast') {
      const given = await pages<Text>(world, 'campaign', 'broadcasts.recipients', idOf(sending))
      rows.push(...given.map((row) => ({ ...row, sending, step: 0 })))
    } else {
      const given = await pages<EnrolmentItem>(world, 'sequence', 'sequences.enrolments', idOf(sending))
      for (const { steps, ...enrolment } of given) {
        enrolments.push({ ...enrolment, sending })
        rows.push(...steps.map((row, step) => ({ ...row, sending, step })))
      }
    }
  }
  const accounts: AccountFacts[] = []
  for (const account of plan.accounts) accounts.push(await accountFacts(world, plan, account, subscriber))
  return {
    ...played,
    rows,
    enrolments,
    accounts,
    phones: await phonesOf(world, [...plan.people, ...plan.probed.flat()]),
    inbound: await inboundOf(world, plan),
    stopReply,
    outages: world.outages,
    isCrowded: isTooCrowded(),
    ledgerFaults: await verifyLedger(world.system.mongodbUrl, databaseId),
  }
}

const idOf = ({ kind, accountId, id }: Sending) =>
  kind === 'broadcast' ? { accountId, broadcastId: id } : { accountId, sequenceId: id }

async function pages<Item>(world: World, service: string, procedure: string, id: object): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | null = null
  for (;;) {
    const input: object = { ...id, limit: 500, ...(cursor === null ? {} : { cursor }) }
    const { data, text }: CallAnswer<Page<Item>> = await world.insist<Page<Item>>(service, procedure, input)
    if (!data) throw new Error(`${procedure}: ${text}`)
    items.push(...data.rows)
    if (data.nextCursor === null) return items
    cursor = data.nextCursor
  }
}

async function accountFacts(
  world: World,
  plan: Plan,
  { accountId, numbers }: Plan['accounts'][number],
  subscriber: Subscriber,
): Promise<AccountFacts> {
  const { epoch, rev, changes } = await changesOf(world, accountId)
  const texted = new Set(plan.people)
  const outcomes = await outcomesOf(
    world,
    accountId,
    changes.map(({ number }) => number).filter((number) => texted.has(number)),
  )
  const states = new Map<string, string>()
  for (let i = 0; i < plan.people.length; i += 500) {
    const input = { accountId, numbers: plan.people.slice(i, i + 500) }
    const { data } = await world.insist<{ number: string; state: string }[]>(
      'compliance',
      'consent.status',
      input,
    )
    for (const { number, state } of data ?? []) states.set(number, state)
  }
  type Listed = { number: string; list: string; rev: number }
  const listed = await pages<Listed>(world, 'compliance', 'consent.list', { accountId })
  return {
    accountId,
    numbers: accountId === plan.accounts[0]?.accountId ? [...numbers, plan.lateNumber] : numbers,
    epoch,
    head: rev,
    changes: changes.map((change) => {
      const outcome = outcomes.get(change.rev)
      return { ...change, ...(texted.has(change.number) ? { outcome: outcome ?? 'missing' } : {}) }
    }),
    blocked: new Map(listed.map(({ number, list, rev }) => [`${number} ${list}`, rev])),
    states,
    copy: await subscriber.caughtUp(accountId),
  }
}

async function changesOf(world: World, accountId: string) {
  const changes: Change[] = []
  for (;;) {
    const input = { accountId, after: changes.at(-1)?.rev ?? 0, limit: 1_000 }
    const { data, text } = await world.insist<{ epoch: string; rev: number; changes: Change[] }>(
      'compliance',
      'consent.changes',
      input,
    )
    if (!data) throw new Error(`consent.changes: ${text}`)
    changes.push(...data.changes)
    if (data.changes.length === 0 || (changes.at(-1)?.rev ?? 0) >= data.rev) return { ...data, changes }
  }
}

/** What the history of each number says became of each change. */
async function outcomesOf(world: World, accountId: string, numbers: readonly string[]) {
  const outcomes = new Map<number, string>()
  await each([...new Set(numbers)], async (number) => {
    const input = { accountId, number, limit: 500 }
    const { data } = await world.insist<{ rev: number; outcome: string }[]>(
      'compliance',
      'consent.history',
      input,
    )
    for (const { rev, outcome } of data ?? []) outcomes.set(rev, outcome)
  })
  return outcomes
}

async function phonesOf(world: World, numbers: readonly string[]): Promise<Facts['phones']> {
  const phones = new Map<string, NonNullable<Awaited<ReturnType<World['carrier']['phone']>>>>()
  await each(numbers, async (number) => {
    const texts = await world.carrier.phone(number)
    if (!texts) throw new Error('the carrier does not tell what a phone got')
    phones.set(number, texts)
  })
  return phones
}

async function inboundOf(world: World, plan: Plan): Promise<Facts['inbound']> {
  const inbound = new Map<string, { from: string; to: string; body: string; createdAt: number }>()
  for (const to of [...plan.accounts.flatMap(({ numbers }) => numbers), plan.lateNumber]) {
    const messages = await world.inbound(to)
    if (!messages) throw new Error('the carrier does not tell what it took in')
    for (const { sid, ...message } of messages) inbound.set(sid, { ...message, to })
  }
  return inbound
}

/** Ten at a time. */
async function each<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items]
  const work = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await act(item)
  }
  await Promise.all(Array.from({ length: 10 }, work))
}

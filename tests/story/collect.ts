import type { Phone } from './carrier.ts'
import {
  type Change,
  type Enrolment,
  type Facts,
  keyOf,
  type Reason,
  type Row,
  type Sending,
} from './facts.ts'
import type { CallAnswer } from './http.ts'
import type { Plan } from './plan.ts'
import { type Played, stopReply } from './play.ts'
import type { World } from './world.ts'

type Text = Omit<Row, 'sending' | 'step'>
interface Page<Item> {
  rows: Item[]
  nextCursor: string | null
}
type EnrolmentItem = { number: string; state: string; reasons: Reason[]; steps: Text[] }

/** Asks for everything that can be seen from outside when all is over. */
export async function collect(world: World, plan: Plan, played: Played, isPolled: boolean): Promise<Facts> {
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
  const changes = new Map<string, Change[]>()
  const heads = new Map<string, number>()
  const states = new Map<string, string>()
  for (const { accountId } of plan.accounts) {
    const found = await changesOf(world, accountId)
    const outcomes = await outcomesOf(world, accountId, new Set(found.changes.map(({ number }) => number)))
    changes.set(
      accountId,
      found.changes.map((change) => ({ ...change, outcome: outcomes.get(change.rev) ?? 'missing' })),
    )
    heads.set(accountId, found.rev)
    const { data } = await world.insist<{ number: string; state: string }[]>('compliance', 'consent.status', {
      accountId,
      numbers: plan.people,
    })
    for (const { number, state } of data ?? []) states.set(keyOf(accountId, number), state)
  }
  const phones = new Map<string, Phone[]>()
  for (const number of plan.people) phones.set(number, (await world.carrier.phone(number)) ?? [])
  const inbound = new Map<string, { from: string; to: string; body: string; createdAt: number }>()
  for (const { numbers } of plan.accounts) {
    for (const to of numbers) {
      for (const { sid, ...message } of (await world.inbound(to)) ?? []) inbound.set(sid, { ...message, to })
    }
  }
  const numbersOf = new Map(plan.accounts.map(({ accountId, numbers }) => [accountId, numbers]))
  return {
    ...played,
    rows,
    enrolments,
    changes,
    heads,
    states,
    phones,
    inbound,
    numbersOf,
    stopReply,
    isPolled,
  }
}

const idOf = ({ kind, accountId, id }: Sending) =>
  kind === 'broadcast' ? { accountId, broadcastId: id } : { accountId, sequenceId: id }

async function pages<Item>(world: World, service: string, procedure: string, id: object): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | null = null
  for (;;) {
    const input: object = { ...id, limit: 50, ...(cursor === null ? {} : { cursor }) }
    const { data, text }: CallAnswer<Page<Item>> = await world.insist<Page<Item>>(service, procedure, input)
    if (!data) throw new Error(`${procedure}: ${text}`)
    items.push(...data.rows)
    if (data.nextCursor === null) return items
    cursor = data.nextCursor
  }
}

async function changesOf(world: World, accountId: string) {
  const changes: Omit<Change, 'outcome'>[] = []
  for (;;) {
    const input = { accountId, after: changes.at(-1)?.rev ?? 0, limit: 100 }
    const { data } = await world.insist<{ rev: number; changes: Omit<Change, 'outcome'>[] }>(
      'compliance',
      'consent.changes',
      input,
    )
    changes.push(...(data?.changes ?? []))
    if (!data || data.changes.length === 0 || (changes.at(-1)?.rev ?? 0) >= data.rev) {
      return { rev: data?.rev ?? 0, changes }
    }
  }
}

/** What the history of each number says became of each change. */
async function outcomesOf(world: World, accountId: string, numbers: ReadonlySet<string>) {
  const outcomes = new Map<number, string>()
  for (const number of numbers) {
    const { data } = await world.insist<Change[]>('compliance', 'consent.history', {
      accountId,
      number,
      limit: 500,
    })
    for (const { rev, outcome } of data ?? []) outcomes.set(rev, outcome)
  }
  return outcomes
}

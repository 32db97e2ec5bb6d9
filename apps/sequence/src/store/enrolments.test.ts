import type { AccountId, PhoneNumber } from '@heed/phone'
import { newAccountId, newPhoneNumber, testDatabase } from '@heed/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Enrolment } from '../domain/enrolment.ts'
import { type Enrolments, openEnrolments } from './enrolments.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let enrolments: Enrolments
beforeAll(async () => {
  database = await testDatabase('sequence')
  enrolments = await openEnrolments(database.db)
})
afterAll(() => database[Symbol.asyncDispose]())

const now = new Date(1_700_000_000_000)
const soon = new Date(now.getTime() + 5_000)
const optOut = [{ reason: 'opt-out', list: 'own', since: now.toISOString(), rev: 1 }]
let ids = 0
const one = (number: PhoneNumber, contactId: string | null = null, turn = 1) => ({
  id: `en_${String(++ids).padStart(8, '0')}`,
  number,
  contactId,
  contactTurn: contactId === null ? null : turn,
  generation: 1,
})
const newSequence = () => ({ a: newAccountId(), sequence: 'sq_00000001' })
const insert = (of: ReturnType<typeof newSequence>, ...given: ReturnType<typeof one>[]) =>
  enrolments.insert(of, given, { now, dueAt: now, checkAt: soon })
const read = async (a: AccountId, id: string): Promise<Enrolment> => {
  const [found] = await enrolments.find(a, [id])
  if (!found) throw new Error('no such enrolment')
  return found
}

describe('keeping', () => {
  test('takes a number once, whoever comes second, and says which were taken', async () => {
    const of = newSequence()
    const number = newPhoneNumber()
    const [first, second] = [one(number), one(number)]
    const kept = (await Promise.all([insert(of, first), insert(of, second)])).flat()
    expect(kept).toHaveLength(1)
    expect([first.id, second.id]).toContain(kept[0])
  })

  test('takes a person once, by whichever number, and people without a contact each by number', async () => {
    const of = newSequence()
    const [a, b, c, d] = [
      one(newPhoneNumber(), 'ann'),
      one(newPhoneNumber(), 'ann'),
      one(newPhoneNumber()),
      one(newPhoneNumber()),
    ]
    expect(await insert(of, a, b, c, d)).toEqual([a.id, c.id, d.id])
  })

  test('is of one account and one sequence alone (E9)', async () => {
    const [here, there] = [newSequence(), newSequence()]
    const number = newPhoneNumber()
    expect(await insert(here, one(number, 'ann'))).toHaveLength(1)
    expect(await insert(there, one(number, 'ann'))).toHaveLength(1)
    expect(await insert({ ...here, sequence: 'sq_00000002' }, one(number, 'ann'))).toHaveLength(1)
  })
})

describe('what waits for a number', () => {
  test('is its active enrolments, in its account alone', async () => {
    const [of, other] = [newSequence(), newSequence()]
    const [given, ended] = [one(newPhoneNumber()), one(newPhoneNumber())]
    await insert(of, given, ended)
    await enrolments.end(
      [[await read(of.a, ended.id), { move: 'end', state: 'cancelled', outcome: 'suppressed', reasons: [] }]],
      now,
    )
    const asked = [given.number, ended.number, newPhoneNumber()]
    expect(await enrolments.activeAmong(of.a, asked)).toEqual(new Set([given.number]))
    expect(await enrolments.activeAmong(other.a, asked)).toEqual(new Set())
  })
})

describe('moving', () => {
  const advance = { move: 'advance', outcome: 'sent', dueAt: soon } as const

  test('two workers bring an enrolment one step on, not two', async () => {
    const of = newSequence()
    const { id } = one(newPhoneNumber())
    await insert(of, { ...one(newPhoneNumber()), id })
    const seen = await read(of.a, id)
    await Promise.all([
      enrolments.advance([[seen, advance]], soon),
      enrolments.advance([[seen, advance]], soon),
    ])
    expect(await read(of.a, id)).toMatchObject({ step: 1, outcomes: ['sent', 'waiting'], dueAt: soon })
  })

  test('a worker that is behind brings no enrolment back to an earlier step', async () => {
    const of = newSequence()
    const given = one(newPhoneNumber())
    await insert(of, given)
    const seen = await read(of.a, given.id)
    await enrolments.advance([[seen, advance]], soon)
    await enrolments.advance([[await read(of.a, given.id), advance]], soon)
    await enrolments.advance([[seen, advance]], soon)
    expect(await read(of.a, given.id)).toMatchObject({ step: 2, outcomes: ['sent', 'sent', 'waiting'] })
  })

  test('a block that came since it was read keeps it from the next step', async () => {
    const of = newSequence()
    const given = one(newPhoneNumber())
    await insert(of, given)
    const seen = await read(of.a, given.id)
    expect(await enrolments.block(of.a, given.number, optOut, now)).toEqual([given.id])
    await enrolments.advance([[seen, advance]], soon)
    await enrolments.checkLater([{ enrolment: seen, checkAt: new Date(now.getTime() + 86_400_000) }])
    expect(await read(of.a, given.id)).toMatchObject({ step: 0, blockedBy: optOut, checkAt: now })
  })

  test('an end is final: neither a step, nor another end, nor a block changes it', async () => {
    const of = newSequence()
    const given = one(newPhoneNumber())
    await insert(of, given)
    const seen = await read(of.a, given.id)
    await enrolments.end([[seen, { move: 'end', state: 'finished', outcome: 'sent', reasons: [] }]], now)
    await enrolments.advance([[seen, advance]], soon)
    await enrolments.end([[seen, { move: 'end', state: 'failed', outcome: 'failed', reasons: optOut }]], now)
    expect(await enrolments.block(of.a, given.number, optOut, now)).toEqual([])
    expect(await read(of.a, given.id)).toMatchObject({
      state: 'finished',
      step: 0,
      outcomes: ['sent'],
      endedAt: now,
      checkAt: null,
      blockedBy: null,
    })
  })

  test('a receipt changes a step that was unknown, and no other', async () => {
    const of = newSequence()
    const given = one(newPhoneNumber())
    await insert(of, given)
    await enrolments.advance([[await read(of.a, given.id), { ...advance, outcome: 'unknown' }]], soon)
    const seen = await read(of.a, given.id)
    await enrolments.resolve([0, 1].map((step) => ({ enrolment: seen, step, outcome: 'sent' })))
    await enrolments.resolve([{ enrolment: seen, step: 0, outcome: 'failed' }])
    expect(await read(of.a, given.id)).toMatchObject({ outcomes: ['sent', 'waiting'] })
  })
})

test('counts are of one sequence and of one instant', async () => {
  const of = newSequence()
  const given = [one(newPhoneNumber()), one(newPhoneNumber()), one(newPhoneNumber())]
  await insert(of, ...given)
  await insert({ ...of, sequence: 'sq_00000002' }, one(newPhoneNumber()))
  const seen = await read(of.a, given[0]?.id ?? '')
  await enrolments.end([[seen, { move: 'end', state: 'finished', outcome: 'sent', reasons: [] }]], now)
  const groups = await enrolments.groups(of)
  expect(groups.sort((x, y) => x.count - y.count)).toEqual([
    { state: 'finished', outcomes: ['sent'], count: 1 },
    { state: 'active', outcomes: ['waiting'], count: 2 },
  ])
})

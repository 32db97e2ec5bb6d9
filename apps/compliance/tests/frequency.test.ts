import { refusalReason } from '@heed/rpc'
import { checkNothingOpen, newAccountId, newPhoneNumber } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
import { startTestCompliance } from './start-compliance.ts'

checkNothingOpen()

const t = await startTestCompliance()
afterAll(() => t[Symbol.asyncDispose]())
const twoADay = [{ texts: 2, hours: 24 }]

test('a cap lets so many texts go, whoever asks at once, and tells the others when', async () => {
  const { accountId } = await t.newAccount()
  const number = newPhoneNumber()
  const take = (id: string) =>
    t.rpc.sender.frequency.take.mutate({ accountId, texts: [{ id, number, caps: twoADay }] })
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(take))
  const held = answers.flatMap(({ results }) => results).filter((result) => result !== null)
  expect(held).toHaveLength(3)
  for (const { holdUntil, texts, hours } of held) {
    expect([texts, hours]).toEqual([2, 24])
    expect(Date.parse(holdUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000)
  }
})

test('a text that asks again goes again and counts once, and numbers and accounts count apart', async () => {
  const [{ accountId }, other] = [await t.newAccount(), await t.newAccount()]
  const [number, second] = [newPhoneNumber(), newPhoneNumber()]
  const texts = [
    { id: 'a', number, caps: twoADay },
    { id: 'b', number, caps: twoADay },
    { id: 'c', number, caps: twoADay },
    { id: 'd', number: second, caps: twoADay },
  ]
  const take = async (id: typeof accountId) =>
    (await t.rpc.sender.frequency.take.mutate({ accountId: id, texts })).results.map((one) => one === null)
  expect(await take(accountId)).toEqual([true, true, false, true])
  expect(await take(accountId)).toEqual([true, true, false, true])
  expect(await take(other.accountId)).toEqual([true, true, false, true])
})

test('an account that is not there counts nothing', async () => {
  const texts = [{ id: 'a', number: newPhoneNumber(), caps: twoADay }]
  const call = t.rpc.sender.frequency.take.mutate({ accountId: newAccountId(), texts })
  expect(await call.then(() => null, refusalReason)).toBe('unknown-account')
})

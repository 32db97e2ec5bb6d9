import type { AuditedClearance } from '@heed/clearance'
import { newPhoneNumber } from '@heed/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestCompliance, textedStop } from './start-compliance.ts'

let compliance: Awaited<ReturnType<typeof startTestCompliance>>
beforeAll(async () => {
  compliance = await startTestCompliance()
})
afterAll(() => compliance[Symbol.asyncDispose]())

test('a clearance is judged by the ledger at its rev, folded or not, and for its own number', async () => {
  const { accountId, businessNumber } = await compliance.newAccount()
  const { inbound, sender } = compliance.rpc
  const [person, other] = [newPhoneNumber(), newPhoneNumber()]
  const at = (rev: number, number = person): AuditedClearance => {
    const gatedAt = new Date().toISOString()
    return { accountId, number, origin: 'broadcast', epoch, rev, gatedAt }
  }
  const stop = await inbound.consent.optOut.mutate({ businessNumber, ...textedStop(person, 'SM1') })
  const { epoch } = stop
  const clearances = [at(0), at(1), at(1, other), at(2)]
  const expected = ['agrees', 'blocked', 'agrees', 'ahead']
  // The first call may find the change in the head still, the second finds it in the ledger.
  expect(await sender.clearance.audit.query({ clearances })).toEqual(expected)
  await compliance.rpc.admin.consent.history.query({ accountId, number: person })
  expect(await sender.clearance.audit.query({ clearances })).toEqual(expected)
})

test('it is for senders and admins, of accounts that they may act for', async () => {
  const { accountId } = await compliance.newAccount()
  const epoch = '0123456789abcdef' as AuditedClearance['epoch']
  const gatedAt = new Date().toISOString()
  const of = (account: string) => ({
    clearances: [
      {
        accountId: account as AuditedClearance['accountId'],
        number: newPhoneNumber(),
        origin: 'broadcast' as const,
        epoch,
        rev: 0,
        gatedAt,
      },
    ],
  })
  const { operator, sender } = compliance.rpc
  expect(await sender.clearance.audit.query(of(accountId))).toEqual(['unknowable'])
  await expect(operator.clearance.audit.query(of(accountId))).rejects.toThrow()
  await expect(
    compliance.client('sender', ['another']).clearance.audit.query(of(accountId)),
  ).rejects.toThrow()
  expect(await sender.clearance.audit.query(of('nobody'))).toEqual(['unknowable'])
})

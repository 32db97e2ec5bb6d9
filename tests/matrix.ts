import { newAccountId, newPhoneNumber } from '@heed/testkit'
import { expect, inject } from 'vitest'
import { newSid } from '../chaos/outside/carrier.ts'
import { call } from '../chaos/outside/http.ts'
import { describedProcedures, type Values } from '../chaos/outside/procedures.ts'
import { makeToken } from '../chaos/outside/token.ts'
import { startWholeSystem } from '../chaos/system/system.ts'

export const procedures = describedProcedures()

export interface Case {
  readonly service: string
  readonly path: string
  /** Sets cases of one procedure apart. */
  readonly label?: string
  readonly input: unknown
  readonly bearer: string | null
}

/** The whole system with two accounts, and what it takes to ask each procedure something wrong. */
export async function startMatrix() {
  const system = await startWholeSystem({
    servers: { mongodbUrl: inject('mongodbUrl'), natsUrl: inject('natsUrl') },
  })
  const token = (role: string, accounts: readonly string[] = ['*'], claims: Record<string, unknown> = {}) =>
    makeToken(system.secrets.developerKey, { role, accounts, ...claims })
  const admin = () => token('admin')
  const ask = <Data>(service: string, path: string, input: unknown, bearer: string | null) =>
    call<Data>(system.url(service), path, input, bearer)
  const [person, business] = [newPhoneNumber(), newPhoneNumber()]
  const [own, foreign] = [newAccountId(), newAccountId()]
  for (const accountId of [own, foreign]) {
    const made = await ask('compliance', 'accounts.create', { name: 'Acme', accountId }, admin())
    expect(made.status).toBe(200)
  }
  const number = { accountId: own, number: business }
  expect((await ask('compliance', 'accounts.addNumber', number, admin())).status).toBe(200)
  return {
    system,
    person,
    business,
    own,
    foreign,
    token,
    admin,
    ask,
    valuesFor: (accountId: string): Values => ({
      accountId,
      broadcastId: 'bc_00000000000000000000',
      sequenceId: 'sq_00000000000000000000',
      contactId: 'ct_00000000000000000000',
      messageId: `tx_${'0'.repeat(32)}`,
      requestId: newSid(),
      linkId: `wh_${'0'.repeat(24)}`,
      redirectUri: 'https://crm.example/back',
      optOutProperty: 'sms_opt_out',
      country: 'US',
      sharedList: 'national-us-dnc',
      asOf: '2026-11-01T00:00:00.000Z',
      importId: `im_${'0'.repeat(17)}`,
      intoId: 'ct_00000000000000000001',
      listId: 'ls_00000000000000000000',
      filter: { tag: 'vip' },
      number: person,
      from: business,
      text: 'Boots are half price. Reply STOP to opt out.',
      source: newSid(),
      cause: 'manual',
      epoch: '0000000000000000',
    }),
    /** The reason that each case was refused for (null: it was not), by procedure and label. */
    async each(cases: readonly Case[]): Promise<Record<string, string | null>> {
      const answers: Record<string, string | null> = {}
      for (const { service, path, label, input, bearer } of cases) {
        const { reason, text } = await ask(service, path, input, bearer)
        expect(text, `${path} repeats a number`).not.toMatch(/\d{7}/)
        expect(text, `${path} shows internals`).not.toMatch(/node_modules|\.ts:|Mongo|stack/)
        answers[label ? `${path} ${label}` : path] = reason
      }
      return answers
    },
    historyOf: async (accountId: string, number: string) =>
      (
        await ask<{ source: string; op: string }[]>(
          'compliance',
          'consent.history',
          { accountId, number },
          admin(),
        )
      ).data,
    [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
  }
}
/** Every case refused for the same reason. */
export const all = (cases: readonly Case[], reason: string) =>
  Object.fromEntries(cases.map(({ path, label }) => [label ? `${path} ${label}` : path, reason]))

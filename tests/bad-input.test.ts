import { generateKeyPairSync } from 'node:crypto'
import { newAccountId } from '@heed/testkit'
import { afterAll, expect, test } from 'vitest'
import { newSid } from '../chaos/outside/carrier.ts'
import { http } from '../chaos/outside/http.ts'
import { accountPaths, numberPaths, replaced, sampleOf } from '../chaos/outside/procedures.ts'
import { makeToken } from '../chaos/outside/token.ts'
import { all, procedures, startMatrix } from './matrix.ts'

const roles = ['sender', 'inbound', 'operator', 'admin']
const stranger = newAccountId()

const matrix = await startMatrix()
afterAll(() => matrix[Symbol.asyncDispose]())
const { system, person, business, own, foreign, token, admin, ask, each, valuesFor } = matrix

test('without a valid token every procedure says unauthenticated and nothing else (D3)', async () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const jwk = privateKey.export({ format: 'jwk' }) as unknown as typeof system.secrets.developerKey
  const { developerKey, privateKeys } = system.secrets
  const claims = { role: 'admin', accounts: ['*'] }
  const past = Math.floor(Date.now() / 1000) - 7_200
  const campaignKey = privateKeys.campaign ?? developerKey
  const bad: Record<string, string | null> = {
    none: null,
    garbage: 'garbage',
    expired: token('admin', ['*'], { iat: past, exp: past + 3_600 }),
    'for two hours': token('admin', ['*'], { exp: Math.floor(Date.now() / 1000) + 7_200 }),
    'for others': token('admin', ['*'], { aud: 'another' }),
    'of no role': token('root'),
    unsigned: `${makeToken(developerKey, claims, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
    'signed by a stranger': makeToken({ ...jwk, kid: developerKey.kid }, claims),
    'of an unknown key': makeToken(developerKey, claims, { kid: 'unknown' }),
    'claiming more than its key is granted': makeToken(campaignKey, claims),
  }
  for (const [label, bearer] of Object.entries(bad)) {
    const cases = procedures.map(({ service, path, schema }) => ({
      service,
      path,
      label,
      input: sampleOf(schema, valuesFor(own)),
      bearer,
    }))
    expect(await each(cases)).toEqual(all(cases, 'unauthenticated'))
  }
})

test('a role that a procedure does not name is forbidden (D3)', async () => {
  const cases = procedures.flatMap(({ service, path, schema, roles: allowed }) =>
    roles
      .filter((role) => !allowed.includes(role))
      .map((role) => ({
        service,
        path,
        label: role,
        input: sampleOf(schema, valuesFor(own)),
        bearer: token(role),
      })),
  )
  expect(cases.length).toBeGreaterThan(procedures.length)
  expect(await each(cases)).toEqual(all(cases, 'forbidden'))
})

test('a token of another account is forbidden everywhere, and lists nothing of this one (D3, E9)', async () => {
  const cases = procedures
    .filter(({ path }) => path !== 'accounts.list' && path !== 'national.list')
    .map(({ service, path, schema, roles: [role = ''] }) => ({
      service,
      path,
      input: sampleOf(schema, path === 'accounts.resolve' ? { businessNumber: business } : valuesFor(own)),
      bearer: token(role, [foreign]),
    }))
  expect(await each(cases)).toEqual(all(cases, 'forbidden'))
  const listed = await ask<{ accounts: { accountId: string }[] }>(
    'compliance',
    'accounts.list',
    {},
    token('operator', [foreign]),
  )
  expect(listed.data?.accounts.map(({ accountId }) => accountId)).toEqual([foreign])
  const byNumber = { businessNumber: business, numbers: [person], cause: 'stop', source: newSid() }
  expect((await ask('compliance', 'consent.optOut', byNumber, token('inbound', [foreign]))).reason).toBe(
    'forbidden',
  )
  const mixed = { asks: [own, foreign].map((accountId) => ({ accountId, numbers: [person] })) }
  expect((await ask('compliance', 'clearance.check', mixed, token('sender', [foreign]))).reason).toBe(
    'forbidden',
  )
})

test('a key that the schema does not know is refused at every procedure (D3)', async () => {
  const cases = procedures.map(({ service, path, schema, roles: [role = ''] }) => ({
    service,
    path,
    input: { ...(sampleOf(schema, valuesFor(own)) as object), [person]: person },
    bearer: token(role),
  }))
  expect(await each(cases)).toEqual(all(cases, 'invalid-input'))
})

test('what is no E.164 number is refused wherever a number stands (D3)', async () => {
  const malformed = [
    person.slice(1),
    '+0123456789',
    '+1 555 200 0000',
    `${person}123456`,
    '+1',
    '',
    'STOP',
    15552000000,
    null,
  ]
  // A file's numbers are as people write them: what is none is told by its line.
  const strict = procedures.filter(({ path }) => path !== 'contacts.importRows')
  const cases = strict.flatMap(({ service, path, schema, roles: [role = ''] }) => {
    const sample = sampleOf(schema, { ...valuesFor(own), from: person, businessNumber: person })
    return numberPaths(sample, person).flatMap((at) =>
      malformed.map((value) => ({
        service,
        path,
        label: `${at.join('.')} ${value}`,
        input: replaced(sample, at, value),
        bearer: token(role),
      })),
    )
  })
  expect(cases.length).toBeGreaterThan(100)
  const wrong = Object.entries(await each(cases)).filter(([, reason]) => reason !== 'invalid-input')
  expect(wrong).toEqual([])
})

test('what is no account id is refused wherever an account stands, before anything is looked up (D3, E9)', {
  timeout: 60_000,
}, async () => {
  const hostile = [
    '',
    '_',
    '*',
    '>',
    `${own}.`,
    `${own}.>`,
    `${own}/x`,
    `${own}\n`,
    `${own}\u0000`,
    `${own}é`,
    '$lists',
    '..',
    'x'.repeat(65),
    { $ne: null },
    [own],
  ]
  const cases = procedures.flatMap(({ service, path, schema, roles: [role = ''] }) =>
    accountPaths(sampleOf(schema, valuesFor(own))).flatMap((at) =>
      hostile.map((value) => ({
        service,
        path,
        label: `${at.join('.')} ${JSON.stringify(value)}`,
        input: replaced(sampleOf(schema, valuesFor(own)), at, value),
        bearer: token(role),
      })),
    ),
  )
  expect(cases.length).toBeGreaterThan(20 * hostile.length)
  expect(await each(cases)).toEqual(all(cases, 'invalid-input'))
})

test('no numbers, or more than are allowed, are refused; what fits is taken (D3)', async () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => `+1555${2_000_000 + i}`)
  const recipients = (count: number) => numbers(count).map((number) => ({ number }))
  const optOut = (count: number) => ({ ...valuesOf('consent.optOut'), numbers: numbers(count) })
  const check = (count: number) => ({ asks: [{ accountId: own, numbers: numbers(count) }] })
  const create = (count: number) => ({ ...valuesOf('broadcasts.create'), recipients: recipients(count) })
  const enrol = (count: number) => ({ ...valuesOf('sequences.enrol'), recipients: recipients(count) })
  const status = (count: number) => ({ accountId: own, numbers: numbers(count) })
  const asks = (count: number) => ({
    asks: Array.from({ length: count }, () => ({ accountId: own, numbers: numbers(1) })),
  })
  const cases = [
    ...[0, 65].map((count) => ['compliance', 'consent.optOut', optOut(count)] as const),
    ...[0, 1_001].map((count) => ['compliance', 'consent.status', status(count)] as const),
    ...[0, 10_001].map((count) => ['compliance', 'clearance.check', check(count)] as const),
    ...[0, 201].map((count) => ['compliance', 'clearance.check', asks(count)] as const),
    ...[0, 10_001].map((count) => ['campaign', 'broadcasts.create', create(count)] as const),
    ...[0, 10_001].map((count) => ['sequence', 'sequences.enrol', enrol(count)] as const),
  ]
  for (const [service, path, input] of cases) {
    const answer = await ask(service, path, input, admin())
    expect([path, answer.status, answer.reason]).toEqual([path, 400, 'invalid-input'])
    expect(answer.text).not.toMatch(/\d{7}/)
  }
  const most = await ask<{ verdicts: unknown[] }[]>('compliance', 'clearance.check', check(10_000), admin())
  expect(most.data?.[0]?.verdicts).toHaveLength(10_000)
  const twoHalves = { asks: [check(10_000).asks[0], { accountId: foreign, numbers: numbers(1) }] }
  expect((await ask('compliance', 'clearance.check', twoHalves, admin())).reason).toBe('invalid-input')
})

const ofNobody = ['contacts.tagged', 'contacts.duplicates', 'contacts.people', 'contacts.changes']

test('an unknown account, business number, broadcast or sequence is named as what it is (D3)', async () => {
  const unknown: Record<string, string> = {}
  const cases = procedures
    .filter(({ path }) => !path.endsWith('.list') || path === 'consent.list')
    .filter(({ path }) => !['accounts.create', 'clearance.audit', 'clearance.check'].includes(path))
    // What accounts share belongs to none.
    .filter(({ path }) => !path.startsWith('national.'))
    // Of contacts that are not there none has a tag, none is there twice, and nothing becomes of them.
    .filter(({ path }) => !ofNobody.includes(path))
    .map(({ service, path, schema, roles: [role = ''] }) => {
      const isResolve = path === 'accounts.resolve'
      unknown[path] = isResolve ? 'unknown-business-number' : expectedUnknown(path)
      const values = isResolve ? { businessNumber: person } : valuesFor(stranger)
      return { service, path, input: sampleOf(schema, values), bearer: token(role) }
    })
  expect(await each(cases)).toEqual(unknown)
  const check = { asks: [stranger, own].map((accountId) => ({ accountId, numbers: [person] })) }
  const { data } = await ask<unknown[]>('compliance', 'clearance.check', check, admin())
  expect(data?.[0]).toEqual({ error: { reason: 'unknown-account' } })
  expect(data?.[1]).toMatchObject({ verdicts: [{ allowed: true, reasons: [] }] })
  const audit = procedures.find(({ path }) => path === 'clearance.audit')
  const clearances = sampleOf(audit?.schema ?? {}, valuesFor(stranger))
  expect((await ask('compliance', 'clearance.audit', clearances, admin())).data).toEqual(['unknowable'])
  const byNumber = { businessNumber: person, numbers: [person], cause: 'stop', source: newSid() }
  expect((await ask('compliance', 'consent.optOut', byNumber, admin())).reason).toBe(
    'unknown-business-number',
  )
})

function expectedUnknown(path: string): string {
  if (path.startsWith('broadcasts.') && !/create|list/.test(path)) return 'unknown-broadcast'
  if (path.startsWith('sequences.') && !/create|list/.test(path)) return 'unknown-sequence'
  if (path === 'crm.disconnect') return 'unknown-link'
  if (path === 'messages.get') return 'unknown-message'
  if (path.startsWith('contacts.') && !/create|count|list|import/.test(path)) return 'unknown-contact'
  if (path.startsWith('lists.') && !/create/.test(path)) return 'unknown-list'
  return 'unknown-account'
}

test('a body that is no JSON, too large or not UTF-8 is refused with a typed reason (D3)', async () => {
  for (const {
    service,
    path,
    roles: [role = ''],
  } of procedures) {
    const bearer = token(role)
    const cut = await ask(service, path, `{"number": "${person}"`, bearer)
    expect([path, cut.status, cut.reason]).toEqual([path, 400, 'bad-request'])
    const { status, reason } = await ask(service, path, `"${'x'.repeat(5_000_000)}"`, bearer)
    // A server may close the connection on a body that it does not read to its end.
    expect([413, 0], path).toContain(status)
    if (status === 413) expect(reason).toBe('body-too-large')
    const bytes = Buffer.concat([
      Buffer.from(`{"accountId": "${own}`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ])
    const answer = await http('POST', `${system.url(service)}/trpc/${path}`, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
      body: bytes,
    })
    expect([400, 403], path).toContain(answer.status)
  }
  const get = await http('GET', `${system.url('compliance')}/trpc/consent.status?input=%7B%7D`)
  expect(get.status).toBe(404)
})

function valuesOf(path: string): Record<string, unknown> {
  const found = procedures.find((one) => one.path === path)
  return sampleOf(found?.schema ?? {}, valuesFor(own)) as Record<string, unknown>
}
test('all of this wrote nothing for other accounts, and no phone number into a log (D1, D3)', async () => {
  const changes = await ask<{ rev: number }>(
    'compliance',
    'consent.changes',
    { accountId: foreign, after: 0 },
    admin(),
  )
  expect(changes.data?.rev).toBe(0)
  const drafts = await ask<{ broadcasts: unknown[] }>(
    'campaign',
    'broadcasts.list',
    { accountId: own },
    admin(),
  )
  expect(drafts.data?.broadcasts).toEqual([])
  const sequences = await ask<{ sequences: unknown[] }>(
    'sequence',
    'sequences.list',
    { accountId: own },
    admin(),
  )
  expect(sequences.data?.sequences).toEqual([])
  const digits = [person, business].map((number) => number.slice(1))
  const telling = system.lines.filter(({ line }) => digits.some((number) => line.includes(number)))
  expect(telling).toEqual([])
  expect(system.lines.filter(({ line }) => /\+?1555\d{7}/.test(line))).toEqual([])
})

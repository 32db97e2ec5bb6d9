import { createLogger, createMetrics, startHttpServer } from '@heed/service'
import { importJWK, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  createRpcClient,
  DomainError,
  generateKey,
  type PrivateKey,
  procedure,
  type Role,
  refusalReason,
  router,
  serveRouter,
  signToken,
  tokenVerifier,
} from '../src/index.ts'

class OutageError extends Error {}

const testRouter = router({
  echo: procedure({
    description: 'Echoes.',
    roles: ['sender', 'admin'],
    input: z.strictObject({ accountId: z.string(), number: z.e164().optional() }),
    output: z.strictObject({ accountId: z.string() }),
  }).query(({ input }) => ({ accountId: input.accountId })),
  everywhere: procedure({
    description: 'Names several accounts.',
    roles: ['sender'],
    input: z.strictObject({ asks: z.array(z.strictObject({ accountId: z.string() })) }),
    output: z.number(),
    accounts: ({ asks }) => asks.map(({ accountId }) => accountId),
  }).query(({ input }) => input.asks.length),
  fails: procedure({
    description: 'Fails.',
    roles: ['sender'],
    input: z.strictObject({ accountId: z.string(), how: z.enum(['bug', 'refusal', 'outage']) }),
    output: z.null(),
  }).mutation(({ input }) => {
    if (input.how === 'outage') throw new OutageError('secret host is away')
    throw input.how === 'bug' ? new Error('secret of +15550001111') : new DomainError('number-taken')
  }),
})

async function startTestServer() {
  const stack = new AsyncDisposableStack()
  const { privateKey, publicKey } = await generateKey({
    kid: 'k1',
    roles: ['sender', 'operator'],
    accounts: ['a', 'b'],
  })
  const verify = await tokenVerifier([publicKey])
  const log = createLogger('test', 'silent')
  const metrics = createMetrics({ withProcess: false })
  const server = stack.use(
    await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      log,
      metrics,
      readiness: {},
      bodyBytesMax: 10_000,
      routes: serveRouter({
        router: testRouter,
        verify,
        isOutage: (error) => error instanceof OutageError,
        log,
        metrics,
      }),
    }),
  )
  const clientWith = (token: string) =>
    stack.use(
      createRpcClient<typeof testRouter>({ url: server.url, token: async () => token, timeoutMs: 2_000 }),
    ).rpc
  const tokenFor = (role: Role, accounts: string[], key: PrivateKey = privateKey) =>
    signToken({ key, role, accounts, ttlSeconds: 60 })
  const post = async (path: string, token: string | null, body: string) => {
    const response = await fetch(`${server.url}/trpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body,
    })
    return {
      status: response.status,
      body: (await response.json()) as { error: { message: string; data: { reason: string } } },
    }
  }
  return { server, privateKey, clientWith, tokenFor, post, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

describe('a call', () => {
  test('with the role and account of its token is answered', async () => {
    await using t = await startTestServer()
    const rpc = t.clientWith(await t.tokenFor('sender', ['a']))
    expect(await rpc.echo.query({ accountId: 'a' })).toEqual({ accountId: 'a' })
  })

  test.each([
    ['another account', 'sender', ['a'], { accountId: 'b' }],
    ['another role', 'operator', ['a'], { accountId: 'a' }],
  ] as const)('for %s is forbidden', async (_what, role, accounts, input) => {
    await using t = await startTestServer()
    const { status, body } = await t.post(
      'echo',
      await t.tokenFor(role, [...accounts]),
      JSON.stringify(input),
    )
    expect([status, body.error.data.reason]).toEqual([403, 'forbidden'])
  })

  test('that names one foreign account among its own is forbidden whole', async () => {
    await using t = await startTestServer()
    const rpc = t.clientWith(await t.tokenFor('sender', ['a']))
    await expect(rpc.everywhere.query({ asks: [{ accountId: 'a' }, { accountId: 'b' }] })).rejects.toSatisfy(
      (error) => refusalReason(error) === 'forbidden',
    )
  })

  test('that names no account at all is forbidden', async () => {
    await using t = await startTestServer()
    const { body } = await t.post('everywhere', await t.tokenFor('sender', ['a']), '{"asks":[]}')
    expect(body.error.data.reason).toBe('forbidden')
  })

  test('whose bug throws tells neither its text nor its stack', async () => {
    await using t = await startTestServer()
    const token = await t.tokenFor('sender', ['a'])
    const { status, body } = await t.post('fails', token, '{"accountId":"a","how":"bug"}')
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toMatch(/secret|1555|stack/)
    expect(body.error.data.reason).toBe('internal')
  })

  test('that meets an outage is told to be worth another call, and not whose', async () => {
    await using t = await startTestServer()
    const token = await t.tokenFor('sender', ['a'])
    const { status, body } = await t.post('fails', token, '{"accountId":"a","how":"outage"}')
    expect([status, body.error.data.reason]).toEqual([503, 'unavailable'])
    expect(JSON.stringify(body)).not.toContain('secret')
  })

  test('that is refused tells its typed reason', async () => {
    await using t = await startTestServer()
    const { status, body } = await t.post(
      'fails',
      await t.tokenFor('sender', ['a']),
      '{"accountId":"a","how":"refusal"}',
    )
    expect([status, body.error.data.reason]).toEqual([409, 'number-taken'])
  })

  test.each([
    ['an unknown key', '{"accountId":"a","+15550001111":1}', 400, 'invalid-input'],
    ['a malformed number', '{"accountId":"a","number":"15550001111"}', 400, 'invalid-input'],
    ['no JSON', '{', 400, 'bad-request'],
    ['a body over the limit', JSON.stringify({ accountId: 'a'.repeat(20_000) }), 413, 'body-too-large'],
  ])('with %s is refused without repeating what was given', async (_what, input, status, reason) => {
    await using t = await startTestServer()
    const answer = await t.post('echo', await t.tokenFor('sender', ['a']), input)
    expect([answer.status, answer.body.error.data.reason]).toEqual([status, reason])
    expect(JSON.stringify(answer.body)).not.toContain('5550001111')
  })

  test('to a procedure that does not exist is a typed 404 that does not repeat its path (D1)', async () => {
    await using t = await startTestServer()
    const { status, body } = await t.post('+15550001111', await t.tokenFor('sender', ['a']), '{}')
    expect([status, body.error.data.reason]).toEqual([404, 'unknown-procedure'])
    expect(JSON.stringify(body)).not.toContain('5550001111')
  })

  test('by GET is not served, since a number would stand in its URL', async () => {
    await using t = await startTestServer()
    expect((await fetch(`${t.server.url}/trpc/echo?input=%7B%7D`)).status).toBe(404)
  })
})

describe('a token', () => {
  const claims = { role: 'sender', accounts: ['a'] }
  const forge = async (key: PrivateKey, change: (jwt: SignJWT) => SignJWT, body: object = claims) =>
    change(
      new SignJWT({ ...body })
        .setProtectedHeader({ alg: 'EdDSA', kid: key.kid })
        .setAudience('heed')
        .setIssuedAt()
        .setExpirationTime('60s'),
    ).sign(await importJWK(key, 'EdDSA'))

  test.each<[string, (key: PrivateKey) => Promise<string | null>]>([
    ['that is missing', async () => null],
    ['that is garbage', async () => 'a.b.c'],
    [
      'of the algorithm none',
      async () => `${btoa('{"alg":"none","kid":"k1"}')}.${btoa(JSON.stringify(claims))}.`,
    ],
    ['for another audience', (key) => forge(key, (jwt) => jwt.setAudience('other'))],
    ['that has expired', (key) => forge(key, (jwt) => jwt.setExpirationTime(1_000))],
    ['that lives longer than an hour', (key) => forge(key, (jwt) => jwt.setExpirationTime('2h'))],
    [
      'for an account its key is not granted',
      (key) => forge(key, (jwt) => jwt, { role: 'sender', accounts: ['c'] }),
    ],
    [
      'for every account where its key is granted some',
      (key) => forge(key, (jwt) => jwt, { role: 'sender', accounts: ['*'] }),
    ],
    [
      'for a role its key is not granted',
      (key) => forge(key, (jwt) => jwt, { role: 'admin', accounts: ['a'] }),
    ],
    [
      'of an unknown key',
      async () => {
        const { privateKey } = await generateKey({ kid: 'other', roles: ['sender'], accounts: ['*'] })
        return forge(privateKey, (jwt) => jwt)
      },
    ],
    [
      'of a key that only borrows a known id',
      async () => {
        const { privateKey } = await generateKey({ kid: 'k1', roles: ['sender'], accounts: ['*'] })
        return forge(privateKey, (jwt) => jwt)
      },
    ],
  ])('%s is refused', async (_what, make) => {
    await using t = await startTestServer()
    const { status, body } = await t.post('echo', await make(t.privateKey), '{"accountId":"a"}')
    expect([status, body.error.data.reason]).toEqual([401, 'unauthenticated'])
  })
})

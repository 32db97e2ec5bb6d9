import { type RaiseAlarm, traced, traceHeaders } from '@heed/service'
import { createTRPCClientProxy, type TRPCClient, TRPCClientError, type TRPCUntypedClient } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { Agent, request } from 'undici'
import { followEvents, type Observer } from './read-events.ts'
import { ownTokens, type PrivateKey, type Role } from './tokens.ts'

export interface RpcClient<Router extends AnyRouter> extends AsyncDisposable {
  readonly rpc: TRPCClient<Router>
}

/**
 * A client of one service. Every call is a POST over a small pool of kept connections and ends within
 * `timeoutMs`, or with its own signal. tRPC's links are not in the way of a call: their observables cost as much as the
 * request itself.
 */
export function createRpcClient<Router extends AnyRouter>(options: {
  url: string
  token: () => Promise<string>
  timeoutMs: number
  connections?: number
  /** Told of a call that the service refused as not ours to make. */
  onRefused?: (call: { procedure: string; status: number }) => void
}): RpcClient<Router> {
  const agent = new Agent({
    connections: options.connections ?? 16,
    pipelining: 1,
    connect: { timeout: Math.min(options.timeoutMs, 5_000) },
    keepAliveTimeout: 60_000,
  })
  const call = async (procedure: string, input: unknown, given?: { signal?: AbortSignal }) => {
    try {
      const authorization = `Bearer ${await options.token()}`
      const answer = await traced(`call ${procedure}`, { kind: 'client' }, () =>
        post(agent, {
          url: `${options.url}/trpc/${procedure}`,
          authorization,
          body: input === undefined ? '{}' : JSON.stringify(input),
          timeoutMs: options.timeoutMs,
          signal: given?.signal,
        }),
      )
      if (answer.status === 401 || answer.status === 403)
        options.onRefused?.({ procedure, status: answer.status })
      const envelope = JSON.parse(answer.text)
      if (answer.status >= 400 || !('result' in envelope)) throw TRPCClientError.from(envelope)
      return envelope.result.data
    } catch (error) {
      throw TRPCClientError.from(error as Error)
    }
  }
  const subscribe = (procedure: string, input: unknown, observer: Observer) =>
    followEvents(
      agent,
      async () => ({
        url: `${options.url}/trpc/${procedure}`,
        headers: { authorization: `Bearer ${await options.token()}` },
        body: input === undefined ? '{}' : JSON.stringify(input),
      }),
      observer,
    )
  const untyped = {
    query: call,
    mutation: call,
    subscription: subscribe,
  } as unknown as TRPCUntypedClient<Router>
  return {
    rpc: createTRPCClientProxy<Router>(untyped),
    [Symbol.asyncDispose]: () => agent.destroy(),
  }
}

/** How a service calls others of its own system: with its key, in one role; a refused call is an alarm. */
export const serviceCalls = (key: PrivateKey, role: Role, raise: RaiseAlarm) => (url: string) => ({
  url,
  token: ownTokens(key, role),
  timeoutMs: 5_000,
  onRefused: (call: { procedure: string; status: number }) => raise('call-refused', call),
})

interface Post {
  readonly url: string
  readonly authorization: string
  readonly body: string
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

async function post(
  agent: Agent,
  { url, authorization, body, timeoutMs, signal }: Post,
): Promise<{ status: number; text: string }> {
  // AbortSignal.timeout cannot be cancelled: each call would leave a timer, and an error made when it fires.
  const ending = new AbortController()
  const end = () => ending.abort(signal?.reason)
  const timer = setTimeout(() => ending.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end, { once: true })
  try {
    const answer = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization, ...traceHeaders() },
      body,
      signal: ending.signal,
    })
    return { status: answer.statusCode, text: await answer.body.text() }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}

/** The typed reason of a refused or failed call; undefined where no answer came, which is ignorance. */
export function refusalReason(error: unknown): string | undefined {
  if (!(error instanceof TRPCClientError)) return undefined
  const reason: unknown = error.data?.reason
  return typeof reason === 'string' ? reason : undefined
}

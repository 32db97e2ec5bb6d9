import type { ServerResponse } from 'node:http'
import { callTRPCProcedure, getTRPCErrorFromUnknown } from '@trpc/server'

/** So that a proxy between does not take a quiet stream for a dead one. */
const quietMs = 15_000

/**
 * Runs a subscription and writes what it yields as server-sent events, until it ends or the caller goes. What it throws
 * before its first item is thrown to the caller of this; later it is an event `error`.
 */
export async function streamSubscription(options: {
  call: Omit<Parameters<typeof callTRPCProcedure>[0], 'type' | 'signal'>
  response: ServerResponse
  /** Takes the response over from the server. */
  hijack: () => void
  errorOf: (cause: unknown) => string
}): Promise<void> {
  const { response } = options
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const call = { ...options.call, type: 'subscription' as const, signal: gone.signal }
  const items = ((await callTRPCProcedure(call)) as AsyncIterable<unknown>)[Symbol.asyncIterator]()
  const first = await items.next()
  options.hijack()
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const quiet = setInterval(() => response.write(':\n\n'), quietMs)
  try {
    for (let item = first; !item.done && !gone.signal.aborted; item = await items.next())
      response.write(`data: ${JSON.stringify(item.value)}\n\n`)
    response.write('event: end\ndata: null\n\n')
  } catch (cause) {
    if (!gone.signal.aborted) response.write(`event: error\ndata: ${options.errorOf(cause)}\n\n`)
  } finally {
    clearInterval(quiet)
    await items.return?.().catch(getTRPCErrorFromUnknown)
    response.end()
  }
}

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

interface Arrival {
  /** Of the request that is arriving, null between two requests. */
  firstByteAtMs: number | null
  lastBytesAtMs: number
  answering: boolean
}

/**
 * Tells of each request when its first bytes arrived, before anything of it was parsed; also where they come
 * alone, and on a connection that had requests before. (A request sent before the answer to the one ahead of
 * it counts from the bytes that completed its head.)
 */
export function firstByteTimes(server: Server, nowMs: () => number) {
  const arrivals = new WeakMap<Socket, Arrival>()
  const times = new WeakMap<IncomingMessage, number>()

  server.on('connection', (socket: Socket) => {
    const arrival: Arrival = { firstByteAtMs: null, lastBytesAtMs: nowMs(), answering: false }
    arrivals.set(socket, arrival)
    // Ahead of the parser's own listener, so that the time is there when the request is.
    socket.prependListener('data', () => {
      arrival.lastBytesAtMs = nowMs()
      if (!arrival.answering) arrival.firstByteAtMs ??= arrival.lastBytesAtMs
    })
  })
  // Ahead of the listener that answers, which was there first.
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const arrival = arrivals.get(request.socket)
    if (!arrival) return
    const atMs = arrival.answering ? arrival.lastBytesAtMs : (arrival.firstByteAtMs ?? arrival.lastBytesAtMs)
    times.set(request, atMs)
    arrival.answering = true
    response.once('close', () => {
      arrival.answering = false
      arrival.firstByteAtMs = null
    })
  })

  return (request: IncomingMessage): number => times.get(request) ?? nowMs()
}

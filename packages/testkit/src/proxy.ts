import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** Resets every connection and refuses new ones. */
  cut(): Promise<void>
  /** Keeps connections and accepts new ones, and lets nothing through either way. */
  blackhole(): void
  /** Each piece of data arrives so much later, in order. */
  delay(ms: number): void
  /** Takes back whatever was set; what a black hole held flows again. */
  resume(): Promise<void>
}

/** A TCP proxy to a port of 127.0.0.1 whose faults a test switches on and off. */
export async function startProxy(targetPort: number): Promise<Proxy> {
  const pairs = new Set<{ near: Socket; far: Socket }>()
  let delayMs = 0
  let isHolding = false
  const pipe = (from: Socket, to: Socket) => {
    from.on('data', (data) => {
      if (delayMs === 0) to.write(data)
      else setTimeout(() => to.destroyed || to.write(data), delayMs)
    })
    from.on('end', () => setTimeout(() => to.end(), delayMs))
    from.on('error', () => to.destroy())
    from.on('close', () => setTimeout(() => to.destroy(), delayMs))
  }
  const accept = (near: Socket) => {
    const far = connect(targetPort, '127.0.0.1')
    const pair = { near, far }
    pairs.add(pair)
    near.once('close', () => pairs.delete(pair))
    for (const socket of [near, far]) socket.setNoDelay(true)
    pipe(near, far)
    pipe(far, near)
    if (isHolding) for (const socket of [near, far]) socket.pause()
  }
  let server = await listen(0, accept)
  const { port } = server.address() as AddressInfo
  const close = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const { near, far } of pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    await closed
  }
  return {
    port,
    cut: close,
    blackhole() {
      isHolding = true
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.pause()
    },
    delay(ms) {
      delayMs = ms
    },
    async resume() {
      delayMs = 0
      isHolding = false
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.resume()
      if (!server.listening) server = await listen(port, accept)
    },
    [Symbol.asyncDispose]: close,
  }
}

async function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer(accept)
  server.listen({ port, host: '127.0.0.1' })
  await once(server, 'listening')
  return server
}

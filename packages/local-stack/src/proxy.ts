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

/** What holds for every connection of a proxy. */
interface Weather {
  delayMs: number
  isHolding: boolean
}

/**
 * A TCP proxy to a port of 127.0.0.1 whose faults are switched on and off. Given a function, each connection goes
 * to the port that it names, as a balancer's would.
 */
export async function startProxy(target: number | (() => number)): Promise<Proxy> {
  const pairs = new Set<{ near: Socket; far: Socket; resume(): void }>()
  const weather: Weather = { delayMs: 0, isHolding: false }
  const accept = (near: Socket) => {
    const far = connect(typeof target === 'number' ? target : target(), '127.0.0.1')
    for (const socket of [near, far]) socket.setNoDelay(true)
    const ways = [pipe(near, far, weather), pipe(far, near, weather)]
    const pair = { near, far, resume: () => ways.forEach((way) => void way.resume()) }
    pairs.add(pair)
    near.once('close', () => pairs.delete(pair))
    if (weather.isHolding) for (const socket of [near, far]) socket.pause()
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
      weather.isHolding = true
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.pause()
    },
    delay(ms) {
      weather.delayMs = ms
    },
    async resume() {
      Object.assign(weather, { delayMs: 0, isHolding: false })
      for (const pair of pairs) pair.resume()
      if (!server.listening) server = await listen(port, accept)
    },
    [Symbol.asyncDispose]: close,
  }
}

/** One direction of one connection: whatever the weather was when it came, nothing overtakes anything. */
function pipe(from: Socket, to: Socket, weather: Weather): { resume(): void } {
  const waiting: { at: number; act: () => void }[] = []
  let timer: NodeJS.Timeout | undefined
  const flow = () => {
    clearTimeout(timer)
    while (!weather.isHolding && waiting[0] && waiting[0].at <= performance.now()) waiting.shift()?.act()
    if (weather.isHolding || !waiting[0]) return
    timer = setTimeout(flow, Math.ceil(waiting[0].at - performance.now()))
  }
  const pass = (act: () => void) => {
    const at = Math.max(waiting.at(-1)?.at ?? 0, performance.now() + weather.delayMs)
    waiting.push({ at, act })
    flow()
  }
  from.on('data', (data) => pass(() => to.destroyed || to.write(data)))
  from.on('end', () => pass(() => to.end()))
  from.on('error', () => to.destroy())
  from.on('close', () => pass(() => to.destroy()))
  return {
    resume() {
      flow()
      from.resume()
    },
  }
}

async function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer(accept)
  server.listen({ port, host: '127.0.0.1' })
  await once(server, 'listening')
  return server
}

import { type Proxy as NetProxy, startProxy } from '@heed/local-stack'

// A process of its own for the proxies before one target, so that what passes through them does not wait for what the
// run itself has to do. Told what to do by messages; ends with the process that forked it.

export type ProxyOrder =
  | { readonly do: 'open'; readonly ports: readonly number[] }
  | { readonly do: 'cut' | 'blackhole' | 'resume'; readonly port: number }
  | { readonly do: 'delay'; readonly port: number; readonly ms: number }

export interface ProxyRequest {
  readonly id: number
  readonly order: ProxyOrder
}

export interface ProxyReply {
  readonly id: number
  /** Where a new proxy listens. */
  readonly port: number
}

const proxies = new Map<number, NetProxy>()

async function obey(order: ProxyOrder): Promise<number> {
  if (order.do === 'open') {
    let turn = 0
    const proxy = await startProxy(() => order.ports[turn++ % order.ports.length] ?? 0)
    proxies.set(proxy.port, proxy)
    return proxy.port
  }
  const proxy = proxies.get(order.port)
  if (!proxy) throw new RangeError('there is no such proxy')
  if (order.do === 'delay') proxy.delay(order.ms)
  else await proxy[order.do]()
  return order.port
}

process.on('message', ({ id, order }: ProxyRequest) => {
  void obey(order).then((port) => process.send?.({ id, port } satisfies ProxyReply))
})
process.on('disconnect', () => process.exit(0))
// A terminal's Ctrl-C is for the process that forked this one.
process.on('SIGINT', () => {})

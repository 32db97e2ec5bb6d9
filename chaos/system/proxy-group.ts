import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ProxyOrder, ProxyReply, ProxyRequest } from './proxy-host.ts'

/** The proxies before one target, in a process of their own. */
export interface ProxyGroup extends AsyncDisposable {
  readonly pid: number
  /** One more proxy; each of its connections goes to the next of the ports. Resolves with where it listens. */
  open(ports: readonly number[]): Promise<number>
  /** Resolves when it is so. */
  tell(order: Exclude<ProxyOrder, { do: 'open' }>): Promise<void>
}

const hostFile = fileURLToPath(new URL('./proxy-host.ts', import.meta.url))

export function forkProxies(): ProxyGroup {
  const child = fork(hostFile, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const waiting = new Map<number, (port: number) => void>()
  let last = 0
  child.on('message', ({ id, port }: ProxyReply) => {
    waiting.get(id)?.(port)
    waiting.delete(id)
  })
  const order = (given: ProxyOrder): Promise<number> => {
    const { promise, resolve } = Promise.withResolvers<number>()
    const id = ++last
    waiting.set(id, resolve)
    child.send({ id, order: given } satisfies ProxyRequest)
    return promise
  }
  return {
    pid: child.pid ?? 0,
    open: (ports) => order({ do: 'open', ports }),
    tell: async (given) => void (await order(given)),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || !child.connected) return
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

import { type NetFault, type Target, targets } from '../plan/faults.ts'
import type { Outage } from './outages.ts'
import { forkProxies, type ProxyGroup } from './proxy-group.ts'

/** A connection of the system with a proxy in it. */
interface Edge {
  /** As `from>to`. */
  readonly name: string
  readonly to: Target
  readonly port: number
  readonly proxies: ProxyGroup
}

/** Where each target listens; the copies of compliance answer each caller in turn, as behind a balancer. */
export type TargetPorts = Readonly<Record<Target, readonly number[]>>

/** Every service but compliance asks compliance; all of them keep something and hear or tell events. */
const askers = ['campaign', 'campaign-2', 'sequence', 'contacts', 'messages', 'crm', 'inbound-sms']
const services = ['compliance', 'compliance-2', ...askers]

/** Who talks to what; `subscriber` is this run's own. */
const connections: Record<Target, readonly string[]> = {
  compliance: [...askers, 'subscriber'],
  database: services,
  nats: [...services, 'subscriber'],
  'inbound-sms': ['carrier'],
}

export type Edges = Awaited<ReturnType<typeof openEdges>>

/** A proxy for each connection, and what may be done to them. */
export async function openEdges(ports: TargetPorts, outages: Outage[]) {
  await using opening = new AsyncDisposableStack()
  const edges: Edge[] = []
  const pids: number[] = []
  for (const to of targets) {
    const proxies = opening.use(forkProxies())
    pids.push(proxies.pid)
    for (const from of connections[to])
      edges.push({ name: `${from}>${to}`, to, port: await proxies.open(ports[to]), proxies })
  }
  const open = opening.move()
  return {
    all: edges.map(({ name, port }) => ({ name, port })),
    pids,
    port(from: string, to: Target): number {
      const edge = edges.find(({ name }) => name === `${from}>${to}`)
      if (!edge) throw new RangeError(`${from} does not talk to ${to}`)
      return edge.port
    },
    /** Resolves when the fault is over. */
    async harm(fault: NetFault, over: (ms: number) => Promise<unknown>): Promise<void> {
      const reachable = edges.filter(({ to }) => to === fault.to)
      const hit = fault.which === 'all' ? reachable : [reachable[fault.which % reachable.length]]
      const harmed = hit.filter((edge) => edge !== undefined)
      await Promise.all(harmed.map((edge) => begin(edge, fault)))
      const marks = harmed.map(({ name }) => ({
        what: fault.kind,
        target: name,
        from: Date.now(),
        until: Number.POSITIVE_INFINITY,
      }))
      outages.push(...marks)
      await over(fault.forMs)
      for (const mark of marks) mark.until = Date.now()
      await Promise.all(harmed.map(({ proxies, port }) => proxies.tell({ do: 'resume', port })))
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

function begin({ proxies, port }: Edge, { kind, delayMs }: NetFault): Promise<void> {
  return proxies.tell(kind === 'delay' ? { do: kind, port, ms: delayMs } : { do: kind, port })
}

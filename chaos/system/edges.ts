import { type Proxy as NetProxy, startProxy } from '@heed/local-stack'
import type { NetFault, Target } from '../plan/faults.ts'
import type { Outage } from './outages.ts'

/** A connection of the system with a proxy in it. */
interface Edge {
  /** As `from>to`. */
  readonly name: string
  readonly to: Target
  readonly proxy: NetProxy
}

/** Where the targets listen; each copy of compliance answers each caller, as behind a balancer. */
export interface TargetPorts {
  readonly compliance: readonly number[]
  readonly database: number
  readonly nats: number
  readonly 'inbound-sms': number
}

/** Who talks to what; `subscriber` is this run's own. */
const connections: Record<Target, readonly string[]> = {
  compliance: ['campaign', 'campaign-2', 'sequence', 'inbound-sms', 'subscriber'],
  database: ['compliance', 'compliance-2', 'campaign', 'campaign-2', 'sequence', 'inbound-sms'],
  nats: ['compliance', 'compliance-2', 'campaign', 'campaign-2', 'sequence', 'inbound-sms', 'subscriber'],
  'inbound-sms': ['carrier'],
}

export type Edges = Awaited<ReturnType<typeof openEdges>>

/** A proxy for each connection, and what may be done to them. */
export async function openEdges(ports: TargetPorts, outages: Outage[]) {
  await using opening = new AsyncDisposableStack()
  let turn = 0
  const balanced = () => ports.compliance[turn++ % ports.compliance.length] ?? 0
  const edges: Edge[] = []
  for (const to of Object.keys(connections) as Target[]) {
    for (const from of connections[to]) {
      const proxy = opening.use(await startProxy(to === 'compliance' ? balanced : ports[to]))
      edges.push({ name: `${from}>${to}`, to, proxy })
    }
  }
  const open = opening.move()
  return {
    all: edges.map(({ name, proxy }) => ({ name, port: proxy.port })),
    port(from: string, to: Target): number {
      const edge = edges.find(({ name }) => name === `${from}>${to}`)
      if (!edge) throw new RangeError(`${from} does not talk to ${to}`)
      return edge.proxy.port
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
      await Promise.all(harmed.map(({ proxy }) => proxy.resume()))
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

async function begin({ proxy }: Edge, { kind, delayMs }: NetFault): Promise<void> {
  if (kind === 'cut') await proxy.cut()
  else if (kind === 'blackhole') proxy.blackhole()
  else proxy.delay(delayMs)
}

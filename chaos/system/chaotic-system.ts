import { type Environment, freePort } from '@heed/local-stack'
import { type Edges, openEdges } from './edges.ts'
import type { Outage } from './outages.ts'
import { startWholeSystem, type WholeSystem } from './system.ts'

export interface ChaoticSystem extends AsyncDisposable {
  readonly system: WholeSystem
  readonly edges: Edges
  readonly outages: Outage[]
  /** Where the carrier reaches inbound-sms. */
  readonly inboundUrl: string
}

const portOf = (url: string) => Number(new URL(url).port)
const at = (port: number) => `http://127.0.0.1:${port}`

/**
 * The whole system with a database and NATS of its own, two copies of compliance and of campaign, and a proxy in
 * each connection but those to the carrier.
 */
export async function startChaoticSystem(sink: (line: string, name: string) => void): Promise<ChaoticSystem> {
  await using opening = new AsyncDisposableStack()
  const outages: Outage[] = []
  let edges: Edges | undefined
  const system = opening.use(
    await startWholeSystem({
      servers: 'own',
      sink,
      wire: async ({ mongodbUrl, natsUrl }) => {
        const ports = { compliance: await freePort(), 'inbound-sms': await freePort() }
        const second = await freePort()
        edges = opening.use(
          await openEdges(
            {
              compliance: [ports.compliance, second],
              database: [portOf(mongodbUrl)],
              nats: [portOf(natsUrl)],
              'inbound-sms': [ports['inbound-sms']],
            },
            outages,
          ),
        )
        const ways = environmentsBy(edges)
        const { 'compliance-2': compliance2 = {}, 'campaign-2': campaign2 = {}, ...extra } = ways
        return {
          ports,
          extra,
          copies: [
            { name: 'compliance', own: { ...compliance2, PORT: String(second) } },
            { name: 'campaign', own: campaign2 },
          ],
        }
      },
    }),
  )
  if (!edges) throw new Error('the system was not wired')
  const open = opening.move()
  return {
    system,
    edges,
    outages,
    inboundUrl: at(edges.port('carrier', 'inbound-sms')),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

/** What each process is told of the others: everything is behind a proxy of its own. */
function environmentsBy(edges: Edges): Record<string, Environment> {
  const servers = (name: string) => ({
    MONGODB_URL: `mongodb://127.0.0.1:${edges.port(name, 'database')}/?directConnection=true`,
    NATS_URL: `nats://127.0.0.1:${edges.port(name, 'nats')}`,
    PUBLIC_URL: at(edges.port('carrier', 'inbound-sms')),
  })
  const asker = (name: string) => ({
    ...servers(name),
    COMPLIANCE_URL: at(edges.port(name, 'compliance')),
  })
  return {
    compliance: servers('compliance'),
    'compliance-2': servers('compliance-2'),
    campaign: asker('campaign'),
    'campaign-2': asker('campaign-2'),
    sequence: asker('sequence'),
    contacts: asker('contacts'),
    messages: asker('messages'),
    crm: asker('crm'),
    // The carrier's list is read often, so that what no webhook brought is found while the run lasts.
    'inbound-sms': { ...asker('inbound-sms'), RECONCILE_EVERY_MS: '8000' },
  }
}

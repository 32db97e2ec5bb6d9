import { type AddressInfo, createServer } from 'node:net'

/** Where each service listens in development; a service moves to a free one where its own is taken. */
export const defaultPorts: Readonly<Record<string, number>> = {
  'inbound-sms': 4000,
  compliance: 4001,
  contacts: 4002,
  campaign: 4003,
  sequence: 4004,
  messages: 4005,
  crm: 4006,
  console: 4010,
  'carrier-sim': 4090,
}

/** Everything that runs beside the database and NATS, the simulated carrier among it. */
export const serviceNames = [
  'carrier-sim',
  'compliance',
  'inbound-sms',
  'campaign',
  'sequence',
  'contacts',
  'messages',
  'crm',
] as const

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0)
  if (port === null) throw new Error('no port of 127.0.0.1 is free')
  return port
}

/** `port` if nobody listens there, else a free one. */
export async function portOrFree(port: number | undefined): Promise<number> {
  return (port === undefined ? null : await listenOnce(port)) ?? freePort()
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: bound } = server.address() as AddressInfo
      server.close(() => resolve(bound))
    })
  })
}

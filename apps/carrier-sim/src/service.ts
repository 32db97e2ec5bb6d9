import {
  Counter,
  createMetrics,
  type Logger,
  type RunningService,
  startHttpServer,
  systemClock,
} from '@heed/service'
import { carrier, replyMessage } from './carrier.ts'
import type { CarrierSimConfig } from './config.ts'
import { faultSet } from './faults.ts'
import { firstByteTimes } from './first-byte.ts'
import { faultyAnswers } from './routes/faulty-answers.ts'
import { simulationRoutes } from './routes/simulation.ts'
import { twilioApi, twilioApiPrefix } from './routes/twilio-api.ts'
import { carrierStore } from './store/carrier-store.ts'
import { webhookDeliveries } from './webhooks/deliveries.ts'
import { webhookClient } from './webhooks/webhook-client.ts'

const bodyBytesMax = 256 * 1024

/** Opens the carrier, goes on with the webhooks that the last process left, and listens. */
export async function startCarrierSim(config: CarrierSimConfig, log: Logger): Promise<RunningService> {
  await using opened = new AsyncDisposableStack()
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken } = config
  const metrics = createMetrics({ withProcess: true })
  const webhooks = new Counter({
    name: 'carrier_sim_webhooks_total',
    help: 'Webhooks sent, by kind and by status of the answer; 0 where none came',
    labelNames: ['kind', 'status'],
    registers: [metrics],
  })
  const store = opened.use(carrierStore(config.DATA_DIR))
  const client = opened.use(webhookClient(authToken))
  const faults = faultSet(systemClock)
  const deliveries = webhookDeliveries({
    accountSid,
    store,
    faults,
    client,
    replyTo: (inbound, body) => replyMessage(inbound, body, systemClock.now()),
    count: (kind, status) => webhooks.inc({ kind, status }),
    log,
    nowMs: systemClock.now,
  })
  const answers = faultyAnswers()
  const phones = carrier({ store, deliveries, nowMs: systemClock.now })
  const server = opened.use(
    await startHttpServer({
      host: config.HOST,
      port: config.PORT,
      log,
      metrics,
      readiness: { store: store.ping },
      bodyBytesMax,
      routes: async (app) => {
        const firstByteAtMs = firstByteTimes(app.server, systemClock.now)
        const dependencies = { accountSid, authToken, store, carrier: phones, faults, answers, firstByteAtMs }
        simulationRoutes(app, dependencies)
        await app.register(async (api) => twilioApi(api, dependencies), { prefix: twilioApiPrefix })
      },
    }),
  )
  // Disposed ahead of the server, which waits for the requests that wait for these.
  opened.use(deliveries)
  opened.use(answers)
  for (const delivery of store.pending()) {
    const message = store.find(delivery.sid)
    if (message) void deliveries.tell(message, delivery)
  }
  const closing = opened.move()
  return { url: server.url, [Symbol.asyncDispose]: () => closing.disposeAsync() }
}

import { randomBytes } from 'node:crypto'
import { databaseName, majorityWrite } from '@heed/mongo'
import { signWebhook } from '@heed/twilio'
import { Agent, request } from 'undici'
import { type Bench, type Figure, newAccount, newNumber } from '../figure.ts'
import { inRounds, timed } from '../measure.ts'

const perRound = 40
const rounds = 6
const burst = 1_500
const inFlight = 64

/** A signed STOP over HTTP until it is committed and answered, beside one bare durable write of the driver. */
export const webhookFigure: Figure = {
  name: 'webhook to committed STOP',
  bound:
    'the source’s flush, then the commit’s, the journal’s beside them, two HTTP requests, and the work after the one before',
  async measure(bench) {
    const { from } = await newAccount(bench)
    await using agent = closing(new Agent({ connections: inFlight, pipelining: 1 }))
    const stop = () => postStop(bench, agent.agent, from)
    const bare = bench.mongo.db(databaseName('bench', bench.databaseId)).collection<{ _id: string }>('bare')
    const write = () =>
      bare.insertOne({ _id: randomBytes(12).toString('hex') }, { writeConcern: majorityWrite })
    const measure = (call: () => Promise<unknown>) => async () =>
      (await timed({ count: perRound, call })).durations
    const calls = { webhook: measure(stop), write: measure(write) }
    await timed({ count: 500, inFlight: 8, call: stop })
    await inRounds(1, calls)
    const one = await inRounds(rounds, calls)
    const writes = await timed({ count: burst, inFlight, call: write })
    const stops = await bench.usage.during(burst, () => timed({ count: burst, inFlight, call: stop }))
    const rate = (elapsedMs: number) => burst / (elapsedMs / 1_000)
    const bareWrite = 'bare durable write'
    return {
      rows: [
        {
          what: 'webhook to answer, p50',
          value: one.webhook.p50,
          unit: 'ms',
          limit: { what: bareWrite, value: one.write.p50 },
          target: { times: 3 },
        },
        {
          what: 'webhook to answer, p99',
          value: one.webhook.p99,
          unit: 'ms',
          limit: { what: bareWrite, value: one.write.p99 },
        },
        {
          what: `webhooks, ${inFlight} in flight, one account`,
          value: rate(stops.result.elapsedMs),
          unit: '/s',
          limit: { what: `${bareWrite}s, ${inFlight} in flight`, value: rate(writes.elapsedMs) },
          target: { atLeast: 2_000 },
        },
      ],
      cpu: stops.ms ? { per: 'webhook', ms: stops.ms } : undefined,
    }
  },
}

async function postStop({ system }: Bench, agent: Agent, to: string): Promise<void> {
  const url = `${system.urls['inbound-sms']}/webhooks/twilio`
  const sid = `SM${randomBytes(16).toString('hex')}`
  const params = {
    MessageSid: sid,
    SmsSid: sid,
    AccountSid: system.secrets.twilioAccountSid,
    From: newNumber(),
    To: to,
    Body: 'STOP',
    NumMedia: '0',
  }
  const signature = signWebhook({ authToken: system.secrets.twilioAuthToken, url, params })
  for (;;) {
    const { statusCode, body } = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      body: new URLSearchParams(params).toString(),
    })
    await body.dump()
    if (statusCode === 200) return
    // Not committed within a second: the carrier brings it again, and its time goes on.
    if (statusCode !== 503) throw new Error(`the webhook was answered with ${statusCode}`)
  }
}

const closing = (agent: Agent) => ({ agent, [Symbol.asyncDispose]: () => agent.close() })

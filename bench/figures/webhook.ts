import { randomBytes } from 'node:crypto'
import { databaseName, majorityWrite } from '@heed/mongo'
import { signWebhook } from '@heed/twilio'
import { Agent, request } from 'undici'
import { type Bench, type Figure, newAccount, newNumber } from '../figure.ts'
import { inRounds, timed } from '../measure.ts'

const perRound = 40
const rounds = 5
const burst = 1_000
const inFlight = 16

/** A signed STOP over HTTP until it is committed and answered, beside one bare durable write of the driver. */
export const webhookFigure: Figure = {
  name: 'webhook to committed STOP',
  bound: 'the journal’s flush, then the source’s and the commit’s, one after another, and two HTTP requests',
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
    await inRounds(1, calls)
    const one = await inRounds(rounds, calls)
    const stops = await timed({ count: burst, inFlight, call: stop })
    const writes = await timed({ count: burst, inFlight, call: write })
    const rate = (elapsedMs: number) => burst / (elapsedMs / 1000)
    return [
      {
        what: 'webhook, p50',
        value: one.webhook.p50,
        unit: 'ms',
        ratio: one.webhook.p50 / one.write.p50,
        beside: 'bare durable write',
      },
      {
        what: 'webhook, p99',
        value: one.webhook.p99,
        unit: 'ms',
        ratio: one.webhook.p99 / one.write.p99,
        beside: 'bare durable write',
      },
      { what: 'bare durable write, p50', value: one.write.p50, unit: 'ms' },
      {
        what: `webhooks, ${inFlight} in flight, one account`,
        value: rate(stops.elapsedMs),
        unit: '/s',
        ratio: stops.elapsedMs / writes.elapsedMs,
        beside: 'bare durable writes',
      },
      { what: `bare durable writes, ${inFlight} in flight`, value: rate(writes.elapsedMs), unit: '/s' },
    ]
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
  const { statusCode, body } = await request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
    body: new URLSearchParams(params).toString(),
  })
  await body.dump()
  if (statusCode !== 200) throw new Error(`the webhook was answered with ${statusCode}`)
}

const closing = (agent: Agent) => ({ agent, [Symbol.asyncDispose]: () => agent.close() })

import { setTimeout as sleep } from 'node:timers/promises'
import { databaseName, majorityWrite } from '@heed/mongo'
import { basicAuthorization, createMessageForm, messagesPath } from '@heed/twilio'
import { Agent, request } from 'undici'
import { type Bench, type Figure, newAccount, newNumber, newNumbers } from '../figure.ts'
import { timed } from '../measure.ts'

const texts = 10_000
const bareTexts = 10_000
/** Claimed, intent recorded, result recorded. */
const writesPerText = 3
const patienceMs = 60_000

/** A broadcast without a rate, from start to its last recorded result, beside its rows alone. */
export const textsFigure: Figure = {
  name: 'texts a second with durable rows',
  bound: 'each row is written three times and sent once; sender, database and carrier share the cores',
  async measure(bench) {
    await broadcast(bench, 1_000)
    const carrier = await carrierAlone(bench)
    const rows = await rowsAlone(bench)
    const { result, ms } = await bench.usage.during(texts, () => broadcast(bench, texts))
    return {
      rows: [
        {
          what: 'texts sent and recorded',
          value: result.sent / (result.elapsedMs / 1_000),
          unit: '/s',
          limit: { what: 'rows turned three times each, 500 a write', value: rows },
          target: { atLeast: 5_000 },
        },
        { what: 'requests that the bare carrier takes, 64 in flight', value: carrier, unit: '/s' },
      ],
      cpu: ms ? { per: 'text', ms } : undefined,
    }
  },
}

/** From its start until every result stands, or for a minute where the machine is too busy for that. */
async function broadcast(bench: Bench, count: number): Promise<{ sent: number; elapsedMs: number }> {
  const { accountId, from } = await newAccount(bench)
  const recipients = newNumbers(count).map((number) => ({ number }))
  const { broadcasts } = bench.clients.campaign
  const { broadcastId } = await broadcasts.create.mutate({ accountId, from, text: 'Bench.', recipients })
  const startedAt = performance.now()
  await broadcasts.start.mutate({ accountId, broadcastId })
  for (;;) {
    const { state, counts } = await broadcasts.get.query({ accountId, broadcastId })
    const elapsedMs = performance.now() - startedAt
    if (counts.failed + counts.unknown > 0) throw new Error('texts failed')
    if (state === 'finished') return { sent: counts.sent, elapsedMs }
    if (elapsedMs > patienceMs) {
      await broadcasts.cancel.mutate({ accountId, broadcastId })
      return { sent: counts.sent, elapsedMs }
    }
    await sleep(50)
  }
}

async function carrierAlone({ system }: Bench): Promise<number> {
  const { twilioAccountSid: accountSid, twilioAuthToken: authToken } = system.secrets
  const agent = new Agent({ connections: 64, pipelining: 1 })
  const url = `${system.carrierUrl}${messagesPath(accountSid)}`
  const from = newNumber()
  const headers = {
    authorization: basicAuthorization(accountSid, authToken),
    'content-type': 'application/x-www-form-urlencoded',
  }
  const statusCallback = `${system.urls['inbound-sms']}/healthz`
  const { elapsedMs } = await timed({
    count: bareTexts,
    inFlight: 64,
    call: async () => {
      const to = newNumber()
      const body = createMessageForm({ to, from, body: 'Bench.', statusCallback, validityPeriodSeconds: 60 })
      const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body })
      await answer.body.dump()
    },
  })
  await agent.close()
  return bareTexts / (elapsedMs / 1000)
}

async function rowsAlone({ mongo, databaseId }: Bench): Promise<number> {
  const rows = mongo.db(databaseName('bench', databaseId)).collection<{ _id: number; state: number }>('rows')
  await rows.insertMany(Array.from({ length: texts }, (_, _id) => ({ _id, state: 0 })))
  const startedAt = performance.now()
  for (let from = 0; from < texts; from += 500) {
    for (let state = 0; state < writesPerText; state++) {
      await rows.bulkWrite(
        Array.from({ length: 500 }, (_, i) => ({
          updateOne: { filter: { _id: from + i, state }, update: { $set: { state: state + 1 } } },
        })),
        { ordered: false, writeConcern: majorityWrite },
      )
    }
  }
  return texts / ((performance.now() - startedAt) / 1_000)
}

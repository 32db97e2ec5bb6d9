import { setTimeout as sleep } from 'node:timers/promises'
import { databaseName, majorityWrite } from '@heed/mongo'
import { basicAuthorization, createMessageForm, messagesPath } from '@heed/twilio'
import { Agent, request } from 'undici'
import { type Bench, type Figure, newAccount, newNumber, newNumbers } from '../figure.ts'
import { timed } from '../measure.ts'

const texts = 10_000
const bareTexts = 5_000

/** A broadcast without a rate, from start to its last recorded result, beside the carrier alone and the rows alone. */
export const textsFigure: Figure = {
  name: 'texts a second with durable rows',
  bound: 'on two cores the simulated carrier, the database and the sender share the time',
  async measure(bench) {
    const { accountId, from } = await newAccount(bench)
    const recipients = newNumbers(texts).map((number) => ({ number }))
    const { broadcastId } = await bench.clients.campaign.broadcasts.create.mutate({
      accountId,
      from,
      text: 'Bench.',
      recipients,
    })
    const startedAt = performance.now()
    await bench.clients.campaign.broadcasts.start.mutate({ accountId, broadcastId })
    for (;;) {
      const { state, counts } = await bench.clients.campaign.broadcasts.get.query({ accountId, broadcastId })
      if (state === 'finished') break
      if (counts.failed + counts.unknown > 0) throw new Error('texts failed')
      await sleep(20)
    }
    const rate = texts / ((performance.now() - startedAt) / 1000)
    const carrier = await carrierAlone(bench, from)
    const rows = await rowsAlone(bench)
    return [
      {
        what: 'texts sent and recorded',
        value: rate,
        unit: '/s',
        ratio: carrier / rate,
        beside: 'the carrier alone',
      },
      { what: 'requests that the simulated carrier takes, 64 in flight', value: carrier, unit: '/s' },
      {
        what: 'rows that the database turns durably, 500 a write',
        value: rows,
        unit: '/s',
        ratio: rows / rate,
        beside: 'the rows alone',
      },
    ]
  },
}

async function carrierAlone({ system }: Bench, from: string): Promise<number> {
  const { twilioAccountSid: accountSid, twilioAuthToken: authToken } = system.secrets
  const agent = new Agent({ connections: 64, pipelining: 1 })
  const url = `${system.urls['carrier-sim']}${messagesPath(accountSid)}`
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
  const rows = mongo.db(databaseName('bench', databaseId)).collection<{ _id: number; state: string }>('rows')
  await rows.insertMany(Array.from({ length: texts }, (_, _id) => ({ _id, state: 'ready' })))
  const startedAt = performance.now()
  for (let from = 0; from < texts; from += 500) {
    await rows.bulkWrite(
      Array.from({ length: 500 }, (_, i) => ({
        updateOne: { filter: { _id: from + i, state: 'ready' }, update: { $set: { state: 'sent' } } },
      })),
      { ordered: false, writeConcern: majorityWrite },
    )
  }
  return texts / ((performance.now() - startedAt) / 1000)
}

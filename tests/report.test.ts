import { parse } from 'csv-parse/sync'
import { afterAll, expect, test } from 'vitest'
import { newRecipients, startSystem } from '../apps/campaign/tests/system.ts'
import { reportLines } from '../scripts/report/lines.ts'

const system = await startSystem()
afterAll(() => system[Symbol.asyncDispose]())

test('a report has every recipient of every page, and its CSV reads as it was written, but no formula', async () => {
  const { accountId, from } = await system.newAccount()
  const recipients = newRecipients(1_100)
  const [out] = recipients
  await system.optOut(accountId, out ? [out.number] : [])
  const given = { accountId, from, text: '=Hello, "friend"\nREPLY stop to opt out', recipients }
  const { broadcastId } = await system.broadcasts.create.mutate(given)
  await system.broadcasts.cancel.mutate({ accountId, broadcastId })
  const linesOf = async (format: 'csv' | 'jsonl') => {
    const lines: string[] = []
    for await (const line of reportLines(system.broadcasts, { accountId, broadcastId, format }))
      lines.push(line)
    return lines
  }
  const records = parse((await linesOf('csv')).join('\n'), { columns: true }) as Record<string, string>[]
  expect(records.map(({ number }) => number)).toEqual(recipients.map(({ number }) => number))
  expect(new Set(records.map(({ state }) => state))).toEqual(new Set(['suppressed']))
  expect(records.at(-1)).toMatchObject({
    reasons: 'cancelled',
    text: `'=Hello, "friend"\nREPLY stop to opt out`,
  })
  const rows = (await linesOf('jsonl')).map((line) => JSON.parse(line) as { number: string })
  expect(rows.map(({ number }) => number)).toEqual(recipients.map(({ number }) => number))
})

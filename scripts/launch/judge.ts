import { boundMs } from '@heed/clearance'
import type { PhoneNumber } from '@heed/phone'
import type { carrierAt } from '../../chaos/outside/carrier.ts'
import type { Clients } from '../demo/clients.ts'
import type { Terminal } from '../demo/terminal.ts'
import type { Broadcast } from './launch.ts'

/** Somebody who said STOP; `answeredAt`: when the webhook was answered with 200, ms since 1970. */
export interface Stopped {
  readonly number: PhoneNumber
  readonly saidAt: number
  readonly answeredAt: number | null
}

const rowsPerPage = 1_000
const phonesAtOnce = 32

interface Tally {
  readonly states: Record<string, number>
  optedOut: number
  readonly violations: string[]
}

/**
 * Looks at every row and every phone: each recipient in one state, a text on the phone where and only where one was
 * sent (an unknown one may have come), none twice, and none later than the bound after a STOP was answered. What it
 * finds names a recipient by place, never by number.
 */
export async function judge(
  clients: Clients,
  carrier: ReturnType<typeof carrierAt>,
  broadcast: Broadcast,
  stopped: readonly Stopped[],
  terminal: Terminal,
) {
  const boundBy = new Map<string, number>()
  for (const { number, answeredAt } of stopped)
    if (answeredAt !== null)
      boundBy.set(number, Math.min(answeredAt + boundMs, boundBy.get(number) ?? Number.POSITIVE_INFINITY))
  const tally: Tally = { states: {}, optedOut: 0, violations: [] }
  const seen = new Set<string>()
  let cursor: string | null = null
  do {
    const asked = { ...broadcast.key, limit: rowsPerPage, ...(cursor === null ? {} : { cursor }) }
    const page: Awaited<ReturnType<typeof clients.campaign.broadcasts.recipients.query>> =
      await clients.campaign.broadcasts.recipients.query(asked)
    for (let from = 0; from < page.rows.length; from += phonesAtOnce)
      await Promise.all(
        page.rows.slice(from, from + phonesAtOnce).map(async (row, at) => {
          // What was cancelled before its turn is looked at by samples: there may be a million of it.
          const isCancelled = row.reasons.some(({ reason }) => reason === 'cancelled')
          if (isCancelled && Math.random() > 0.01) return count(tally, row)
          const place = seen.size + from + at
          const texts = (await carrier.phone(row.number)) ?? []
          judgeOne(tally, place, row, textsOf(texts, broadcast.from), boundBy.get(row.number))
        }),
      )
    for (const { number } of page.rows) seen.add(number)
    terminal.progress(seen.size, broadcast.recipients, 'looked at')
    cursor = page.nextCursor
  } while (cursor !== null)
  terminal.endProgress()
  if (seen.size !== broadcast.recipients)
    tally.violations.push(`${seen.size} rows for ${broadcast.recipients} recipients`)
  const { sent = 0, suppressed = 0, failed = 0, unknown = 0, waiting = 0 } = tally.states
  if (waiting > 0) tally.violations.push(`${waiting} still wait`)
  return { sent, suppressed, optedOut: tally.optedOut, failed, unknown, violations: tally.violations }
}

/** A confirmation of the STOP comes from the same number. */
const textsOf = (texts: readonly { from: string; body: string; receivedAt: string }[], from: string) =>
  texts.filter((text) => text.from === from && text.body.startsWith('Acme: boots'))

interface Row {
  readonly state: string
  readonly reasons: readonly { readonly reason: string; readonly list?: string | undefined }[]
}

function count(tally: Tally, row: Row): void {
  tally.states[row.state] = (tally.states[row.state] ?? 0) + 1
  if (row.reasons.some(({ list }) => list === 'own')) tally.optedOut += 1
}

function judgeOne(
  tally: Tally,
  place: number,
  row: Row,
  texts: readonly { receivedAt: string }[],
  bound: number | undefined,
): void {
  count(tally, row)
  const may = row.state === 'sent' ? [1] : row.state === 'unknown' ? [0, 1] : [0]
  if (!may.includes(texts.length))
    tally.violations.push(`recipient ${place} is ${row.state} and got ${texts.length}`)
  for (const { receivedAt } of texts)
    if (bound !== undefined && Date.parse(receivedAt) > bound)
      tally.violations.push(
        `recipient ${place} was texted ${Date.parse(receivedAt) - bound} ms after the bound`,
      )
}

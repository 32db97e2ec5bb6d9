import type { Facts } from '../facts/facts.ts'
import { intersection, type Outage, type Span, union } from '../system/outages.ts'
import type { Check } from './check.ts'
import { boundMs, edgeMs } from './limits.ts'

const copies = {
  compliance: ['compliance', 'compliance-2'],
  broadcast: ['campaign', 'campaign-2'],
  sequence: ['sequence'],
} as const

const database = /mongo/

/** When nobody could have answered the senders of a kind, from all that was done to the system. */
export function authorityAway(facts: Facts, kind: 'broadcast' | 'sequence'): Span[] {
  const down = (is: (outage: Outage) => boolean) => union(facts.outages.filter(is))
  const stands = (name: string) => (outage: Outage) =>
    (outage.what === 'kill' || outage.what === 'pause') && outage.target === name
  const isBroken = (from: string, to: string) => (outage: Outage) =>
    (outage.what === 'cut' || outage.what === 'blackhole') && outage.target === `${from}>${to}`
  const noDatabase = down(
    (outage) => (outage.what === 'kill' || outage.what === 'pause') && database.test(outage.target),
  )
  const noAnswer = copies.compliance
    .map((copy) => union([...down(stands(copy)), ...down(isBroken(copy, 'database')), ...noDatabase]))
    .reduce(intersection)
  return copies[kind]
    .map((sender) => union([...noAnswer, ...down(isBroken(sender, 'compliance'))]))
    .reduce(intersection)
}

export const failClosed: Check = {
  name: 'E6',
  promise: 'while the authority is away for longer than the bound nothing is handed over',
  find: ({ facts, firstBytes }) =>
    (['broadcast', 'sequence'] as const).flatMap((kind) => {
      const away = authorityAway(facts, kind)
        .map(({ from, until }) => ({ from: from + boundMs + edgeMs, until: until - edgeMs }))
        .filter(({ from, until }) => from < until)
      return firstBytes
        .filter(({ row, excuse }) => row.sending.kind === kind && excuse === null)
        .flatMap(({ at, how, row }) => {
          const span = away.find(({ from, until }) => at > from && at < until)
          if (!span) return []
          return [
            `${row.sending.tag} step ${row.step} ${how} ${at - span.from} ms into an outage of the authority`,
          ]
        })
    }),
}

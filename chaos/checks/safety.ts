import { keyOf, type Row, type Said } from '../facts/facts.ts'
import type { Check, Evidence } from './check.ts'
import type { FirstByte } from './first-bytes.ts'
import { foldOf } from './ledgers.ts'
import { boundMs } from './limits.ts'

const iso = (at: number) => new Date(at).toISOString()

const told = ({ row, how }: FirstByte) =>
  `${how}: ${row.sending.tag} step ${row.step}, ${row.state}, gated ${row.gatedAt}, written ${row.writtenAt}, rev ${row.rev}`

/** A first byte after a STOP was answered, with no opt-in committed in between: how long after. */
export interface Stale {
  readonly byte: FirstByte
  readonly stop: Said
  readonly ms: number
}

/** Of each first byte the STOP that it follows by the longest. */
export function staleTexts({ facts, ledgers, firstBytes }: Evidence): Stale[] {
  const stops = Map.groupBy(
    facts.said.filter(({ word, ackedAt }) => word === 'stop' && ackedAt !== null),
    ({ accountId, number }) => keyOf(accountId, number),
  )
  return firstBytes.flatMap((byte) => {
    const { accountId } = byte.row.sending
    const lifts = ledgers
      .of(accountId, byte.row.number)
      .filter(({ list, op, at }) => list === 'own' && op === 'lift' && Date.parse(at) <= byte.at)
    const followed = (stops.get(keyOf(accountId, byte.row.number)) ?? []).filter((stop) => {
      const block = ledgers.changeOf(stop)
      if (stop.ackedAt === null || byte.at <= stop.ackedAt || block?.op !== 'block') return false
      return !lifts.some(({ rev }) => rev > block.rev)
    })
    const [first] = followed.sort((one, other) => (one.ackedAt ?? 0) - (other.ackedAt ?? 0))
    return first?.ackedAt ? [{ byte, stop: first, ms: byte.at - first.ackedAt }] : []
  })
}

export const safety: Check = {
  name: 'E1',
  promise: `no first byte later than ${boundMs} ms after the answer to an opt-out that binds it`,
  find: (evidence) =>
    staleTexts(evidence)
      .filter(({ ms, byte }) => ms > boundMs && byte.excuse === null)
      .map(
        ({ byte, stop, ms }) =>
          `${ms} ms after the answer to a STOP (${stop.by}, ${iso(stop.ackedAt ?? 0)}): ${told(byte)}`,
      ),
}

export const lease: Check = {
  name: 'E2',
  promise: 'each text went on a verdict that the ledger bears out and that no later answer had overtaken',
  find: (evidence) => [...falseVerdicts(evidence), ...overtakenVerdicts(evidence)],
}

/** At the rev that the verdict names, nothing blocked the number. */
function falseVerdicts({ facts, ledgers }: Evidence): string[] {
  const handedOver = facts.rows.filter(({ rev, writtenAt }) => rev !== null && writtenAt !== null)
  return handedOver.flatMap(({ sending, number, rev, step }: Row) => {
    const until = ledgers.of(sending.accountId, number).filter((change) => change.rev <= (rev ?? 0))
    const blocked = [...foldOf(until)]
    if (blocked.length === 0) return []
    return [`${sending.tag} step ${step} went on rev ${rev}, at which ${blocked.join(' of rev ')} blocked`]
  })
}

/** Whatever was answered with a higher rev, of any number, was answered at most a bound before the first byte. */
function overtakenVerdicts({ facts, ledgers, firstBytes }: Evidence): string[] {
  const firstAnswer = new Map<string, number[]>()
  for (const { accountId, head } of facts.accounts)
    firstAnswer.set(accountId, new Array<number>(head + 2).fill(Number.POSITIVE_INFINITY))
  for (const said of facts.said) {
    const change = ledgers.changeOf(said)
    const answers = firstAnswer.get(said.accountId)
    if (said.word !== 'stop' || said.ackedAt === null || !change || !answers) continue
    // What was said to a number that nobody owned was answered when it was kept, and committed when it was owned.
    const answeredAt = Math.max(said.ackedAt, Date.parse(change.at))
    answers[change.rev] = Math.min(answers[change.rev] ?? Number.POSITIVE_INFINITY, answeredAt)
  }
  // From here on: when first a rev at or above this one was answered.
  for (const answers of firstAnswer.values())
    for (let rev = answers.length - 2; rev >= 0; rev--)
      answers[rev] = Math.min(answers[rev] ?? Number.POSITIVE_INFINITY, answers[rev + 1] ?? 0)
  return firstBytes
    .filter(({ excuse, row }) => excuse === null && row.rev !== null)
    .flatMap((byte) => {
      const answeredAt = firstAnswer.get(byte.row.sending.accountId)?.[(byte.row.rev ?? 0) + 1]
      if (answeredAt === undefined || byte.at <= answeredAt + boundMs) return []
      return [`${byte.at - answeredAt} ms after a later rev was answered (${iso(answeredAt)}): ${told(byte)}`]
    })
}

export const paused: Check = {
  name: 'pause',
  promise: `nothing of what is paused or cancelled is written later than ${boundMs} ms after the answer`,
  find: ({ firstBytes }) =>
    firstBytes
      .filter(({ how, excuse }) => how === 'written' && excuse === null)
      .flatMap((byte) => {
        const broken = byte.row.sending.pauses.find(
          ({ from, until }) => byte.at > from + boundMs && byte.at < until,
        )
        return broken ? [`${byte.at - broken.from} ms after the answer: ${told(byte)}`] : []
      }),
}

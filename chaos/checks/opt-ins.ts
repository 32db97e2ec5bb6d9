import { type Change, type Facts, keyOf, type Said } from '../facts/facts.ts'
import type { Check, Evidence } from './check.ts'

export const noResurrection: Check = {
  name: 'E5',
  promise: 'no opt-in lifts a block that was sent later than it, nor by hand one that was not named',
  find: (evidence) => [...liftedByText(evidence), ...liftedByHand(evidence), ...stillIn(evidence)],
}

/** A START lifts only what was surely sent before it, by the carrier's own clock, which tells seconds. */
function liftedByText({ facts, ledgers }: Evidence): string[] {
  const sentAt = (source: string) => facts.inbound.get(source)?.createdAt
  return facts.accounts.flatMap(({ accountId, changes }) =>
    changes
      .filter(({ op, outcome, list, source }) => {
        return op === 'lift' && outcome === 'lifted' && list === 'own' && !source.startsWith('lift-')
      })
      .flatMap((lift) => {
        const said = sentAt(lift.source) ?? 0
        return blocksBefore(ledgers.of(accountId, lift.number), lift.rev)
          .filter(({ source, at }) => {
            const stopAt = sentAt(source)
            return stopAt === undefined ? said - Date.parse(at) < 60_000 : said <= stopAt
          })
          .map(
            ({ rev, source }) =>
              `${accountId}: rev ${lift.rev} lifted the block of rev ${rev} (${source.slice(0, 6)}), sent at ${sentAt(source)}, START sent at ${said}`,
          )
      }),
  )
}

/** Those that a lift at this rev lifted. */
function blocksBefore(changes: readonly Change[], rev: number): Change[] {
  const before = changes.filter((change) => change.list === 'own' && change.rev < rev)
  const from = before.findLastIndex(({ op }) => op === 'lift') + 1
  return before.slice(from).filter(({ op }) => op === 'block')
}

function liftedByHand({ facts, ledgers }: Evidence): string[] {
  return facts.lifts.flatMap(({ accountId, number, basis, rev }) => {
    const last = blocksBefore(ledgers.of(accountId, number), rev).at(-1)
    return last?.rev === basis
      ? []
      : [`${accountId}: rev ${rev} lifted by hand the block of rev ${last?.rev}, named was ${basis}`]
  })
}

/** Who said STOP last is out. */
const stillIn = (evidence: Evidence) => finalWords(evidence, 'stop')

/** Who surely said START last is in, as soon as it was found and its time was told (E12). */
export const startsUnheard = (evidence: Evidence): string[] => finalWords(evidence, 'start')

function finalWords(evidence: Evidence, word: 'stop' | 'start'): string[] {
  const { facts, ledgers } = evidence
  const texted = facts.said.filter(({ by }) => by !== 'import')
  return [...Map.groupBy(texted, ({ accountId, number }) => keyOf(accountId, number)).values()].flatMap(
    (said) => {
      const { accountId = '', number = '' } = said[0] ?? {}
      const turns = ledgers.of(accountId, number).filter(({ list, op }) => list === 'own' && op !== 'keep')
      const state = ledgers.account(accountId)?.states.get(number)
      const timed = timesOf(said, facts)
      const latest = Math.max(...timed.map(({ sentAt }) => sentAt ?? 0))
      const last = timed.filter(({ sentAt }) => sentAt === latest)
      const isAllTexted = timed.every(({ by }) => by === 'carrier') && !turns.some(isByOthers)
      if (word === 'stop' && isAllTexted && last.some((one) => one.word === 'stop') && state !== 'out')
        return [`${accountId}: STOP was said last and the status is ${state}`]
      const isSure = isAllTexted && timed.every(({ sentAt }) => sentAt !== undefined)
      // A STOP that is found after the START has lifted blocks again, however old it is: that errs on the safe side.
      const isHeard = last.some(({ source }) => turns.some((turn) => turn.source === source))
      const isStart = last.every((one) => one.word === 'start')
      if (word === 'start' && isSure && isStart && state !== 'in' && !isHeard)
        return [`${accountId}: START was said last, is not in the ledger, and the status is ${state}`]
      return []
    },
  )
}

const isByOthers = ({ source }: Change) => /^(hand|import|lift)-/.test(source)

const timesOf = (said: readonly Said[], facts: Facts) =>
  said.map((one) => ({ ...one, sentAt: facts.inbound.get(one.source ?? '')?.createdAt }))

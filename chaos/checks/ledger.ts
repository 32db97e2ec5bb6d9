import type { AccountFacts, Change, Facts, Said } from '../facts/facts.ts'
import type { Check, Evidence } from './check.ts'
import { foldOf } from './ledgers.ts'

export const density: Check = {
  name: 'E3',
  promise: 'revs have no holes, and every row of the blocklist is the fold of the ledger',
  find: ({ facts }) => [
    ...facts.ledgerFaults.map((fault) => `verify-ledger: ${fault}`),
    ...facts.accounts.flatMap(wrongRevs),
    ...facts.accounts.flatMap(wrongRows),
  ],
}

function wrongRevs({ accountId, changes, head }: AccountFacts): string[] {
  const wrong = changes
    .filter(({ rev }, i) => rev !== i + 1)
    .map(({ rev }) => `${accountId}: hole before rev ${rev}`)
  if (changes.length !== head) wrong.push(`${accountId}: ${changes.length} changes, head ${head}`)
  for (const { rev, outcome } of changes)
    if (outcome === 'missing') wrong.push(`${accountId}: rev ${rev} is not in the history`)
  return wrong
}

/** The whole fold as `number list` to rev. */
function foldOfAll(changes: readonly Change[]): Map<string, number> {
  const blocked = new Map<string, number>()
  for (const [number, own] of Map.groupBy(changes, ({ number }) => number))
    for (const [list, rev] of foldOf(own)) blocked.set(`${number} ${list}`, rev)
  return blocked
}

/** How two folds differ, without a number in it. */
function differences(name: string, found: ReadonlyMap<string, number>, due: ReadonlyMap<string, number>) {
  const wrong = [...due].filter(([key, rev]) => found.get(key) !== rev)
  const extra = [...found].filter(([key]) => !due.has(key))
  return [
    ...wrong.map(([key, rev]) => `${name}: the block of rev ${rev} is told as ${found.get(key) ?? 'none'}`),
    ...extra.map(([, rev]) => `${name}: a block of rev ${rev} is told that the ledger has not`),
  ]
}

function wrongRows({ accountId, changes, blocked, states }: AccountFacts): string[] {
  const fold = foldOfAll(changes)
  const byNumber = Map.groupBy(changes, ({ number }) => number)
  const wrongStates = [...states].flatMap(([number, state]) => {
    const turns = (byNumber.get(number) ?? []).filter(({ list, op }) => list === 'own' && op !== 'keep')
    const due = turns.at(-1)?.op === 'block' ? 'out' : turns.length > 0 ? 'in' : 'never'
    return state === due ? [] : [`${accountId}: a status says ${state}, the ledger ${due}`]
  })
  return [...differences(accountId, blocked, fold), ...wrongStates]
}

export const idempotency: Check = {
  name: 'E4',
  promise: 'one row for each source, number and list; at most one confirmation for each STOP that turned',
  find: (evidence) => [
    ...evidence.facts.accounts.flatMap(({ accountId, changes }) =>
      [...Map.groupBy(changes, ({ source, list, number }) => `${source} ${list} ${number}`).values()]
        .filter((same) => same.length > 1)
        .map((same) => `${accountId}: ${same.length} rows of one source, revs ${same.map(({ rev }) => rev)}`),
    ),
    ...confirmations(evidence),
  ],
}

function confirmations({ facts, ledgers }: Evidence): string[] {
  return facts.accounts.flatMap(({ accountId, numbers }) =>
    [...facts.phones].flatMap(([number, texts]) => {
      const got = texts.filter(({ from, body }) => numbers.includes(from) && body === facts.stopReply).length
      const due = ledgers
        .of(accountId, number)
        .filter(({ op, outcome }) => op === 'block' && outcome === 'turned').length
      return got > due ? [`${got} confirmations for ${due} STOPs that turned`] : []
    }),
  )
}

export const nothingLost: Check = {
  name: 'E7',
  promise: 'every STOP that was answered with success, or that the carrier took in, is in the ledger',
  find: ({ facts, ledgers }) =>
    facts.said
      .filter(({ word, source }) => word === 'stop' && source !== null)
      .filter((said) => !isKept(said, ledgers.changeOf(said)))
      .map(({ by, ackedAt, source }) => {
        return `a STOP (${by}, ${ackedAt === null ? 'not answered' : 'answered'}) ${source} is not in the ledger`
      }),
}

/** Whom a text has blocked already needs no second block by hand or by import. */
function isKept({ by }: Said, change: Change | undefined): boolean {
  if (change?.op === 'block') return true
  return change !== undefined && (by === 'hand' || by === 'import')
}

export const completeEvents: Check = {
  name: 'E11',
  promise: 'a subscriber that follows the rule holds the fold of the ledger',
  find: ({ facts }: { facts: Facts }) =>
    facts.accounts.flatMap(({ accountId, epoch, head, changes, copy }) => [
      ...(copy.epoch === epoch && copy.rev === head
        ? []
        : [`${accountId}: the copy is at rev ${copy.rev} of ${copy.epoch}, the head at ${head} of ${epoch}`]),
      ...differences(`${accountId}, the copy`, copy.blocked, foldOfAll(changes)),
    ]),
}

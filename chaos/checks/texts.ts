import { type Facts, textKeyOf } from '../facts/facts.ts'
import type { Check, Evidence } from './check.ts'
import { textsOnPhones } from './first-bytes.ts'

export const conservation: Check = {
  name: 'E8',
  promise:
    'each recipient ends in exactly one state; what was sent is on the phone once, what was not is not',
  find: (evidence) => [
    ...rowsAccountedFor(evidence),
    ...everybodyOnce(evidence.facts),
    ...strays(evidence.facts),
  ],
}

/**
 * How often a text of each state may be on its phone. The run's carrier refuses before it takes a text in or takes
 * it in, so a definite failure leaves nothing on the phone, and twice is once too often.
 */
const onPhone: Readonly<Record<string, readonly number[]>> = {
  sent: [1],
  suppressed: [0],
  failed: [0],
  unknown: [0, 1],
  /** Of what has not ended, which E12 tells of. */
  waiting: [0, 1],
}

function rowsAccountedFor({ facts }: Evidence): string[] {
  const texts = textsOnPhones(facts)
  const unended = new Set(facts.unended)
  return facts.rows.flatMap(({ sending, number, text, state, reasons, step }) => {
    const count = texts.get(textKeyOf(number, sending.from, text))?.length ?? 0
    const told = `${sending.tag} step ${step} is ${state} ${JSON.stringify(reasons)}`
    const isUnended = state === 'waiting' && !unended.has(sending)
    return [
      ...(isUnended ? [`${told}, and its sending has ended`] : []),
      ...(onPhone[state]?.includes(count) ? [] : [`${told} and ${count} times on the phone`]),
      ...(state === 'suppressed' && reasons.length === 0 ? [`${told} for no reason`] : []),
    ]
  })
}

function everybodyOnce({ sendings, rows, enrolments, unended }: Facts): string[] {
  const broadcasts = Map.groupBy(rows, ({ sending }) => sending)
  const sequences = Map.groupBy(enrolments, ({ sending }) => sending)
  return [
    ...sendings.flatMap((sending) => {
      const items = (sending.kind === 'broadcast' ? broadcasts : sequences).get(sending) ?? []
      const numbers = items.map(({ number }) => number)
      if (numbers.length === sending.people.length && new Set(numbers).size === numbers.length) return []
      return [`${sending.tag} has ${numbers.length} rows for ${sending.people.length} people`]
    }),
    ...enrolments
      .filter(({ state, sending }) => state === 'active' && !unended.includes(sending))
      .map(({ sending }) => `an enrolment of ${sending.tag} is active at the end`),
  ]
}

/** No text of the run is on a phone without a row that says so. */
function strays({ rows, phones, unended }: Facts): string[] {
  // A step of these may have been handed over after its rows were read.
  const goingOn = new Set(unended.map(({ tag }) => tag))
  const known = new Set(rows.map(({ number, sending, text }) => textKeyOf(number, sending.from, text)))
  return [...phones].flatMap(([number, texts]) =>
    texts
      .filter(({ body }) => {
        const [tag] = /<[BSP]\d+>/.exec(body) ?? []
        return tag !== undefined && !goingOn.has(tag)
      })
      .filter(({ from, body }) => !known.has(textKeyOf(number, from, body)))
      .map(({ body }) => `a text on a phone is nobody's: ${body}`),
  )
}

export const isolation: Check = {
  name: 'E9',
  promise: 'what is done for one account suppresses nothing of another and leaves no row in its ledger',
  find: (evidence) => [...foreignReasons(evidence), ...quietAccount(evidence)],
}

function foreignReasons({ facts, ledgers }: Evidence): string[] {
  return facts.rows.flatMap(({ sending, number, state, reasons }) => {
    const changes = ledgers.of(sending.accountId, number)
    if (state === 'suppressed' && !sending.cancelled && changes.length === 0)
      return [`${sending.tag} suppressed who never opted out: ${JSON.stringify(reasons)}`]
    return reasons
      .filter(({ list, rev }) => list !== undefined && rev !== undefined)
      .filter(({ list, rev }) => {
        const change = changes.find((one) => one.rev === rev)
        return change?.list !== list || change?.op !== 'block'
      })
      .map(({ list, rev }) => `${sending.tag} is suppressed by rev ${rev}, which is no block of ${list}`)
  })
}

/** The last account shares its recipients with the others, and nobody asks anything of it. */
function quietAccount({ facts }: Evidence): string[] {
  const quiet = facts.accounts.at(-1)
  if (!quiet) return ['there is no second account']
  const blocked = facts.rows.filter(
    ({ sending, state }) => sending.accountId === quiet.accountId && state === 'suppressed',
  )
  return [
    ...(quiet.head === 0 ? [] : [`the ledger of the account that nobody spoke to has ${quiet.head} rows`]),
    ...blocked.map(({ sending }) => `${sending.tag} of the account that nobody spoke to was suppressed`),
  ]
}

export const noOldEpoch: Check = {
  name: 'E10',
  promise: "no text went on a verdict of another epoch than its account's",
  find: ({ facts, ledgers }) =>
    facts.rows
      .filter(({ epoch, sending }) => epoch !== null && epoch !== ledgers.account(sending.accountId)?.epoch)
      .map(({ sending, epoch }) => `${sending.tag} went on epoch ${epoch}`),
}

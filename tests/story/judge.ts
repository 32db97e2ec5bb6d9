import { type Change, type Facts, keyOf, type Row, type Said } from './facts.ts'

/** L less its margin on a slow clock, and 20 ms of suspension unseen: what the design promises. */
export const boundMs = 550

/** Everything that breaks a promise of the design, in words; empty where all hold. */
export function judge(facts: Facts): string[] {
  const texts = textsByTag(facts)
  return [
    ...facts.seen,
    ...lateTexts(facts),
    ...textsWhilePaused(facts),
    ...lostStops(facts),
    ...ledgers(facts),
    ...resurrections(facts),
    ...finalStates(facts),
    ...rowsAccountedFor(facts, texts),
    ...strays(facts),
    ...confirmations(facts),
    ...isolation(facts),
  ]
}

const changesOf = (facts: Facts, accountId: string, number: string): Change[] =>
  (facts.changes.get(accountId) ?? []).filter((change) => change.number === number)

/** E1: no first byte later than the bound after a STOP was answered, unless a later opt-in was committed by then. */
function lateTexts(facts: Facts): string[] {
  const stops = Map.groupBy(
    facts.said.filter(({ word, ackedAt }) => word === 'stop' && ackedAt !== null),
    ({ accountId, number }) => keyOf(accountId, number),
  )
  return firstBytes(facts).flatMap(({ row, at, how }) => {
    const { accountId } = row.sending
    const changes = changesOf(facts, accountId, row.number).filter(({ list }) => list === 'own')
    const broken = (stops.get(keyOf(accountId, row.number)) ?? []).find((stop) => {
      if (at <= (stop.ackedAt ?? 0) + boundMs) return false
      const block = changes.find(({ source, op }) => source === stop.source && op === 'block')
      if (!block) return false
      return !changes.some(
        ({ op, rev, at: lifted }) => op === 'lift' && rev > block.rev && Date.parse(lifted) <= at,
      )
    })
    if (!broken?.ackedAt) return []
    return [
      `E1: ${how} ${at - broken.ackedAt} ms after the answer to a STOP (${broken.by}): ${row.sending.tag} step ${row.step}, state ${row.state}, gated ${row.gatedAt}, written ${row.writtenAt}, answered ${new Date(broken.ackedAt).toISOString()}`,
    ]
  })
}

/** When the first byte of each text was there: as its sender wrote it, and as the phone's carrier got it. */
function firstBytes(facts: Facts): { row: Row; at: number; how: string }[] {
  return facts.rows.flatMap((row) => {
    const written = row.writtenAt === null ? [] : [{ row, at: Date.parse(row.writtenAt), how: 'written' }]
    const received = textsOfRow(facts, row).map(({ receivedAt }) => ({
      row,
      at: Date.parse(receivedAt),
      how: 'received',
    }))
    return [...written, ...received]
  })
}

const textsOfRow = (facts: Facts, { sending, number, text }: Row) =>
  (facts.phones.get(number) ?? []).filter(({ from, body }) => from === sending.from && body === text)

/** What a pause or a cancel promises: within the bound nothing is written any more. */
function textsWhilePaused({ rows }: Facts): string[] {
  return rows.flatMap(({ sending, writtenAt, gatedAt, step }) => {
    const at = Date.parse(writtenAt ?? '')
    const broken = sending.pauses.find(({ from, until }) => at > from + boundMs && at < until)
    if (!broken) return []
    return [
      `paused: ${sending.tag} step ${step} was written ${at - broken.from} ms after the answer of ${new Date(broken.from).toISOString()}, gated ${gatedAt}`,
    ]
  })
}

/** E7: a STOP that was answered with success is in the ledger, and so is each that the carrier took in. */
function lostStops(facts: Facts): string[] {
  // Whom a text has blocked already needs no second block by hand.
  const known = (said: Said) =>
    changesOf(facts, said.accountId, said.number).some(
      ({ source, op, outcome }) =>
        source === said.source && (op === 'block' || (said.by === 'hand' && outcome === 'known')),
    )
  return facts.said
    .filter(({ word, source }) => word === 'stop' && source !== null)
    .filter(({ ackedAt }) => ackedAt !== null || facts.isPolled)
    .filter((said) => !known(said))
    .map(
      ({ by, ackedAt, source }) =>
        `E7: a STOP (${by}, ${ackedAt === null ? 'not answered' : 'answered'}) ${source} is not in the ledger`,
    )
}

/** E3, E4: revs without holes, one row for each source and number. */
function ledgers(facts: Facts): string[] {
  return [...facts.changes].flatMap(([accountId, changes]) => {
    const wrong = changes
      .filter(({ rev }, i) => rev !== i + 1)
      .map(({ rev }) => `E3: ${accountId}: hole before rev ${rev}`)
    if (changes.length !== facts.heads.get(accountId))
      wrong.push(`E3: ${accountId}: ${changes.length} changes, head ${facts.heads.get(accountId)}`)
    for (const change of changes)
      if (change.outcome === 'missing')
        wrong.push(`E3: ${accountId}: rev ${change.rev} is not in the history`)
    const bySource = Map.groupBy(changes, ({ source, list, number }) => `${source} ${list} ${number}`)
    for (const [, same] of bySource)
      if (same.length > 1)
        wrong.push(`E4: ${accountId}: ${same.length} rows of one source, revs ${same.map(({ rev }) => rev)}`)
    return wrong
  })
}

/** E5: a START lifts only what was surely sent before it, by the carrier's own clock, which tells seconds. */
function resurrections(facts: Facts): string[] {
  return [...facts.changes].flatMap(([accountId, changes]) =>
    changes
      .filter(({ op, outcome, list }) => op === 'lift' && outcome === 'lifted' && list === 'own')
      .flatMap((lift) => {
        const before = changes.filter(
          ({ number, list, rev }) => number === lift.number && list === 'own' && rev < lift.rev,
        )
        const from = before.findLastIndex(({ op }) => op === 'lift') + 1
        const sentAt = facts.inbound.get(lift.source)?.createdAt ?? 0
        return before
          .slice(from)
          .filter(({ op }) => op === 'block')
          .filter(({ source, at }) => {
            const stopAt = facts.inbound.get(source)?.createdAt
            return stopAt === undefined ? sentAt - Date.parse(at) < 60_000 : sentAt <= stopAt
          })
          .map(
            ({ rev, source }) =>
              `E5: ${accountId}: rev ${lift.rev} lifted the block of rev ${rev} (${source.slice(0, 5)}), sent at ${facts.inbound.get(source)?.createdAt}, START sent at ${sentAt}`,
          )
      }),
  )
}

/** What stands at the end is what the ledger makes of it; who said STOP last is out, who surely said START last is not. */
function finalStates(facts: Facts): string[] {
  return [...Map.groupBy(facts.said, ({ accountId, number }) => keyOf(accountId, number))].flatMap(
    ([key, said]) => {
      const { accountId = '', number = '' } = said[0] ?? {}
      const turns = changesOf(facts, accountId, number).filter(
        ({ list, op }) => list === 'own' && op !== 'keep',
      )
      const state = facts.states.get(key)
      const folded = turns.at(-1)?.op === 'block' ? 'out' : turns.length > 0 ? 'in' : 'never'
      const wrong =
        state === folded ? [] : [`E3: ${accountId}: the status says ${state}, the ledger ${folded}`]
      const timed = said.map((one) => ({ ...one, sentAt: facts.inbound.get(one.source ?? '')?.createdAt }))
      const latest = Math.max(...timed.map(({ sentAt }) => sentAt ?? 0))
      const last = timed.filter(({ sentAt }) => sentAt === latest)
      if (
        timed.every(({ by }) => by === 'carrier') &&
        last.some(({ word }) => word === 'stop') &&
        state !== 'out'
      )
        wrong.push(`E1: ${accountId}: STOP was said last and the status is ${state}`)
      const isSure = timed.every(({ by, sentAt }) => by === 'carrier' && sentAt !== undefined)
      // A STOP that is found after the START has lifted blocks again, however old it is: that errs on the safe side.
      const isHeard = last.some(({ source }) => turns.some((turn) => turn.source === source))
      if (isSure && last.every(({ word }) => word === 'start') && state !== 'in' && !isHeard)
        wrong.push(
          `E12: ${accountId}: START was said last and the status is ${state}; said: ${JSON.stringify(timed.map(({ word, sentAt, ackedAt }) => [word, sentAt, ackedAt]))}, ledger: ${JSON.stringify(changesOf(facts, accountId, number).map(({ op, outcome, source, at }) => [op, outcome, facts.inbound.get(source)?.createdAt, at]))}`,
        )
      return wrong
    },
  )
}

const textsByTag = (facts: Facts) =>
  Map.groupBy(
    [...facts.phones].flatMap(([number, texts]) => texts.map((text) => ({ ...text, number }))),
    ({ number, from, body }) => `${number} ${from} ${body}`,
  )

/** E8: each row ends in exactly one state, what was sent is on the phone once, and what was not is not. */
function rowsAccountedFor(facts: Facts, texts: ReturnType<typeof textsByTag>): string[] {
  const wrong: string[] = []
  for (const row of facts.rows) {
    const count = texts.get(`${row.number} ${row.sending.from} ${row.text}`)?.length ?? 0
    const allowed: Record<string, readonly number[]> = {
      sent: [1],
      suppressed: [0],
      failed: [0],
      unknown: [0, 1],
    }
    if (!allowed[row.state]?.includes(count))
      wrong.push(
        `E8: ${row.sending.tag} step ${row.step} is ${row.state} ${JSON.stringify(row.reasons)} and ${count} times on the phone`,
      )
    if (row.state === 'suppressed' && row.reasons.length === 0)
      wrong.push(`E8: ${row.sending.tag} is suppressed for no reason`)
    for (const { list, rev } of row.reasons) {
      if (list === undefined || rev === undefined) continue
      const change = (facts.changes.get(row.sending.accountId) ?? [])[rev - 1]
      if (change?.number !== row.number || change.list !== list || change.op !== 'block')
        wrong.push(
          `E9: ${row.sending.tag} is suppressed by rev ${rev}, which is ${change?.op} of ${change?.list}`,
        )
    }
  }
  for (const sending of facts.sendings) {
    const of = <Item extends { sending: unknown; number: string }>(items: readonly Item[]) =>
      items.filter((item) => item.sending === sending).map(({ number }) => number)
    const numbers = sending.kind === 'broadcast' ? of(facts.rows) : of(facts.enrolments)
    if (numbers.length !== sending.people.length || new Set(numbers).size !== sending.people.length)
      wrong.push(`E8: ${sending.tag} has ${numbers.length} rows for ${sending.people.length} people`)
  }
  for (const { sending, state } of facts.enrolments)
    if (state === 'active') wrong.push(`E8: an enrolment of ${sending.tag} is active at the end`)
  return wrong
}

/** E8: no text of the story is on a phone without a row that says so. */
function strays(facts: Facts): string[] {
  const rows = new Set(facts.rows.map(({ number, sending, text }) => `${number} ${sending.from} ${text}`))
  return [...facts.phones].flatMap(([number, texts]) =>
    texts
      .filter(({ body }) => /<[BS]\d+>/.test(body))
      .filter(({ from, body }) => !rows.has(`${number} ${from} ${body}`))
      .map(({ body }) => `E8: a text on a phone is nobody's: ${body}`),
  )
}

/** E4: at most one confirmation for each STOP that turned a number blocked. */
function confirmations(facts: Facts): string[] {
  return [...facts.numbersOf].flatMap(([accountId, numbers]) =>
    [...facts.phones].flatMap(([number, texts]) => {
      const got = texts.filter(({ from, body }) => numbers.includes(from) && body === facts.stopReply).length
      const due = changesOf(facts, accountId, number).filter(
        ({ op, outcome }) => op === 'block' && outcome === 'turned',
      ).length
      return got > due ? [`E4: ${got} confirmations for ${due} STOPs that turned`] : []
    }),
  )
}

/** E9: an account from which nobody asked anything suppresses nobody. */
function isolation(facts: Facts): string[] {
  return facts.rows
    .filter(({ sending, number }) => changesOf(facts, sending.accountId, number).length === 0)
    .filter(({ sending, state }) => state === 'suppressed' && !sending.cancelled)
    .map(
      ({ sending, reasons }) =>
        `E9: ${sending.tag} suppressed who never opted out: ${JSON.stringify(reasons)}`,
    )
}

import type { Mutant } from './mutant.ts'

const routes = 'apps/inbound-sms/src/routes.ts'
const inbox = 'apps/inbound-sms/src/use-cases/inbox.ts'
const hints = 'apps/inbound-sms/src/use-cases/hints.ts'
const hintBook = 'packages/clearance/src/hint-book.ts'
const pass = 'packages/clearance/src/pass.ts'
const gate = 'packages/clearance/src/gate.ts'
const optIn = 'apps/inbound-sms/src/use-cases/record-opt-in.ts'
const drain = 'apps/inbound-sms/src/use-cases/drain-journal.ts'
const poll = 'apps/inbound-sms/src/use-cases/reconcile.ts'
const settle = 'apps/inbound-sms/src/use-cases/settle-message.ts'
const kept = 'apps/inbound-sms/src/use-cases/apply-kept.ts'
const statements = 'apps/inbound-sms/src/store/journal-statements.ts'

/** What people text: from the carrier's door through the journal to compliance, and hints meanwhile. */
export const inboundMutants: readonly Mutant[] = [
  {
    id: 'webhook-before-commit',
    breaks: 'A webhook is answered with success before compliance has committed.',
    file: routes,
    find: 'if (received.isDurable && !mayBeOptOut(message)) {',
    replace: 'if (received.isDurable) {',
  },
  {
    id: 'webhook-always-success',
    breaks: 'A webhook is answered with success whatever became of the text.',
    file: routes,
    find: "return { status: 503, outcome: 'not-committed' }\n  }\n}\n\nfunction receiveStatus",
    replace: "return { status: 200, outcome: 'not-committed' }\n  }\n}\n\nfunction receiveStatus",
  },
  {
    id: 'free-text-may-not-be-opt-out',
    breaks: 'A text that may be an opt-out is taken for none.',
    file: 'apps/inbound-sms/src/domain/read-intent.ts',
    find: "return intent === 'opt-out' || !isFinal",
    replace: 'return !isFinal',
  },
  {
    id: 'leaves-journal-before-commit',
    breaks: 'A text leaves the journal before it is settled.',
    file: drain,
    find: 'const outcome = await deps.inbox.resume(body.message)',
    replace: 'await deps.journal.remove(id)\n    const outcome = await deps.inbox.resume(body.message)',
  },
  {
    id: 'leaves-journal-unsettled',
    breaks: 'A text leaves the journal whether it is settled or waits.',
    file: inbox,
    find: "if (ended.state === 'settled') await steps.leaveJournal(message, ended.settled)",
    replace:
      "await steps.leaveJournal(message, ended.state === 'settled' ? ended.settled : { account: null, intent: 'none', outcome: 'stored', reply: null })",
  },
  {
    id: 'drain-removes-what-waits',
    breaks: 'A text that waits for compliance leaves the journal.',
    file: drain,
    find: "if (outcome?.state !== 'waiting') {",
    replace:
      "if (outcome?.state === 'waiting') await deps.journal.remove(id)\n    if (outcome?.state !== 'waiting') {",
  },
  {
    id: 'hint-never-given',
    breaks: 'No hint is given while compliance has not committed.',
    file: hints,
    find: 'if (!publish(message)) onMissed()',
    replace: '',
  },
  {
    id: 'hint-late',
    breaks: 'The first hint is given after half a second.',
    file: hints,
    find: 'const firstAfterMs = 100',
    replace: 'const firstAfterMs = 500',
  },
  {
    id: 'hint-of-other-account',
    breaks: 'A hint for every account holds in none.',
    file: hintBook,
    find: 'return size > 0 && (held(account, number, now) || held(everyAccount, number, now))',
    replace: 'return size > 0 && held(account, number, now)',
  },
  {
    id: 'hints-ignored',
    breaks: 'The gate ignores hints.',
    file: pass,
    find: "if (state.hints.holds(text.accountId, text.number, now)) return hold(state, 'hinted')",
    replace: '',
  },
  {
    id: 'hint-short',
    breaks: 'A hint holds for a second.',
    file: 'packages/clearance/src/protocol.ts',
    find: 'export const hintHoldMs = 60_000',
    replace: 'export const hintHoldMs = 1_000',
  },
  {
    id: 'hint-released-by-any-event',
    breaks: 'An event of another source ends a hint.',
    file: hintBook,
    find: '      forget(account, number, source)\n      forget(everyAccount, number, source)',
    replace:
      '      for (const one of [account, everyAccount]) for (const s of [...(accounts.get(one)?.get(number)?.keys() ?? [])]) forget(one, number, s || source)',
  },
  {
    id: 'hint-never-released',
    breaks: 'A hint outlives the event that names its source.',
    file: gate,
    find: '  state.hints.release({ account, number, source }, now)\n',
    replace: '  void source\n',
  },
  {
    id: 'start-by-push',
    breaks: 'A START is judged by the time of the push.',
    file: optIn,
    find: 'if (message.sentAt !== undefined) return message.sentAt\n',
    replace: 'if (message.receivedAt !== undefined) return message.receivedAt\n',
  },
  {
    id: 'start-without-block-times',
    breaks: 'The times of the opt-outs that hold the number are not asked for.',
    file: optIn,
    find: 'return { sentAt, blockTimes: blockTimes.flat() }',
    replace: 'return { sentAt, blockTimes: blockTimes.flat().slice(0, 0) }',
  },
  {
    id: 'start-with-one-block-time',
    breaks: 'Only the last opt-out that holds the number is asked for.',
    file: optIn,
    find: 'const asked = holding.map(',
    replace: 'const asked = holding.slice(-1).map(',
  },
  {
    id: 'start-without-waiting-for-carrier',
    breaks: 'A START is decided without a time where the carrier does not answer.',
    file: optIn,
    find: "throw new CarrierSilentError('the carrier does not tell when a text was sent', { cause: error })",
    replace: 'if (error) return undefined',
  },
  {
    id: 'start-unknown-to-carrier',
    breaks: 'A START that the carrier does not show yet is decided without a time.',
    file: optIn,
    find: 'if (ageMs < unknownToCarrierMs) throw',
    replace: 'if (ageMs < 0) throw',
  },
  {
    id: 'yes-as-start',
    breaks: 'A YES is taken for a START.',
    file: optIn,
    find: 'onlyIfBlocked: reading.onlyIfBlocked,',
    replace: 'onlyIfBlocked: false,',
  },
  {
    id: 'poll-forgets',
    breaks: 'The poll takes nothing that no webhook brought.',
    file: poll,
    find: 'const found = batch.filter(({ sid }) => !known.has(sid))',
    replace: 'const found = batch.filter(({ sid }) => known.has(sid))',
  },
  {
    id: 'poll-window-short',
    breaks: 'The poll looks at what came since the last poll alone.',
    file: poll,
    find: '- lookBackMs,',
    replace: '- 1_000,',
  },
  {
    id: 'drain-stops-at-first',
    breaks: 'What waits in the journal is not brought through again.',
    file: drain,
    find: 'const outcome = await deps.inbox.resume(body.message)',
    replace: 'const outcome = (await Promise.resolve(null)) as Awaited<ReturnType<typeof deps.inbox.resume>>',
  },
  {
    id: 'unowned-not-kept',
    breaks: 'A STOP to a number that nobody owns is answered and forgotten.',
    file: settle,
    find: 'const kept = await deps.kept().keep(message, because, new Date(deps.clock.now()))',
    replace: "const kept = (await Promise.resolve('known')) as string",
  },
  {
    id: 'kept-released-first',
    breaks: 'A kept text leaves the durable list before it is committed.',
    file: kept,
    find: 'const outcome = await deps.inbox.take(message).outcome',
    replace:
      'await deps.kept().release(message.id)\n        const outcome = await deps.inbox.take(message).outcome',
  },
  {
    id: 'kept-never-applied',
    breaks: 'A kept text stays in the durable list after its number was given to somebody.',
    file: kept,
    find: 'if ((await deps.compliance.resolve(parsed.data)) !== null) await applyAll(number, signal)',
    replace: 'if ((await deps.compliance.resolve(parsed.data)) === null) await applyAll(number, signal)',
  },
  {
    id: 'journal-forgets-on-append',
    breaks: 'The journal does not write.',
    file: statements,
    find: "append: 'INSERT INTO entries (id, lane, at, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',",
    replace:
      "append: 'INSERT INTO entries (id, lane, at, body) SELECT ?, ?, ?, ? WHERE 1 = 0 ON CONFLICT (id) DO NOTHING',",
  },
  {
    id: 'confirms-replay',
    breaks: 'A repeated opt-out is confirmed again.',
    file: 'apps/compliance/src/use-cases/opt-out.ts',
    find: "entry.outcome === 'turned' && !replayed",
    replace: "entry.outcome === 'turned' && (replayed || !replayed)",
  },
  {
    id: 'confirms-renewed',
    breaks: 'A STOP of a blocked number is confirmed.',
    file: 'apps/compliance/src/use-cases/opt-out.ts',
    find: "entry.outcome === 'turned' && !replayed",
    replace: '!replayed && entry !== undefined',
  },
  {
    id: 'confirms-beside-carrier',
    breaks: 'A STOP is confirmed though the carrier has replied.',
    file: 'apps/inbound-sms/src/use-cases/record-opt-out.ts',
    find: 'const isDue = confirmation !== null && message.optOutType === undefined',
    replace: 'const isDue = confirmation !== null',
  },
  {
    id: 'reply-to-every-caller',
    breaks: 'Each webhook of one text is answered with its confirmation.',
    file: inbox,
    find: '      caller.tell(outcome, reply)\n      reply = null',
    replace: '      caller.tell(outcome, reply)',
  },
]

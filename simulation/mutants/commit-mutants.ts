import type { Mutant } from './mutant.ts'

const group = 'apps/compliance/src/use-cases/commit-group.ts'
const queue = 'apps/compliance/src/use-cases/commit-queue.ts'
const decide = 'apps/compliance/src/domain/decide.ts'
const optIn = 'apps/compliance/src/domain/decide-opt-in.ts'
const heads = 'apps/compliance/src/store/heads.ts'

/** Commits and decisions: one rev for one change, once, on what stands. */
export const commitMutants: readonly Mutant[] = [
  {
    id: 'commit-without-rev',
    breaks: 'The commit does not ask that no rev was given out meanwhile.',
    file: heads,
    find: '{ _id: a, a, epoch, rev, ...room(priority) },',
    replace: '{ _id: a, a, epoch, ...room(priority), ...(rev < 0 ? { rev } : {}) },',
  },
  {
    id: 'commit-by-one',
    breaks: 'A commit is acknowledged by the primary alone.',
    file: heads,
    find: `$addToSet: { lists: { $each: [...new Set(entries.map(({ list }) => list))] } },
        },
        write,`,
    replace: `$addToSet: { lists: { $each: [...new Set(entries.map(({ list }) => list))] } },
        },
        { ...write, writeConcern: { w: 1 } },`,
  },
  {
    id: 'list-not-remembered',
    breaks: 'The head does not remember that a list was used.',
    file: heads,
    find: '$addToSet: { lists: { $each: [...new Set(entries.map(({ list }) => list))] } },',
    replace: '',
  },
  {
    id: 'sources-before-head',
    breaks: 'What stands of the sources is looked up before the head is read.',
    file: group,
    find: `    const head = await stores.heads.readMajority(a, session)
    if (!head) return null
    const [accounts, rows] = await Promise.all([`,
    replace: `    const early = await stores.session((other) => stores.ledger.bySources(a, [...srcs], other))
    const head = await stores.heads.readMajority(a, session)
    if (!head) return null
    stores = { ...stores, ledger: { ...stores.ledger, bySources: async () => early } }
    const [accounts, rows] = await Promise.all([`,
  },
  {
    id: 'done-in-recent-forgotten',
    breaks: 'A source that stands in `recent` is not looked for.',
    file: group,
    find: 'done: [...rows, ...recent]',
    replace: 'done: [...rows, ...recent.slice(0, 0)]',
  },
  {
    id: 'done-in-ledger-forgotten',
    breaks: 'A source that stands in the ledger is not looked for.',
    file: group,
    find: 'done: [...rows, ...recent]',
    replace: 'done: [...rows.slice(0, 0), ...recent]',
  },
  {
    id: 'commit-before-sources',
    breaks: 'The commit does not wait until its sources are stored.',
    file: group,
    find: 'stores.sources.keep(accountId, onePerSource(group)),',
    replace: 'void stores.sources.keep(accountId, onePerSource(group)).catch(() => {}),',
  },
  {
    id: 'missed-is-committed',
    breaks: 'A commit that missed is taken for done.',
    file: group,
    find: "return applied ? { kind: 'committed', head, decisions, fresh } : { kind: 'missed' }",
    replace:
      "return applied || head.rev > 0 ? { kind: 'committed', head, decisions, fresh } : { kind: 'missed' }",
  },
  {
    id: 'group-state-not-carried',
    breaks: 'Changes of one group are not decided on what the ones before them made.',
    file: decide,
    find: 'if (next) states.set(stateKey(entry.n, entry.list), next)',
    replace: '',
  },
  {
    id: 'source-twice-in-group',
    breaks: 'A source twice in one group is committed twice.',
    file: decide,
    find: 'done.set(doneKey(entry.src, entry.n, entry.list), entry)',
    replace: '',
  },
  {
    id: 'no-sharing-in-queue',
    breaks: 'A repeated source is decided by its number alone, whatever the list.',
    file: decide,
    find: '`${stateKey(number, list)}/${src}`',
    replace: '`${number}/${list.slice(0, 0)}${src}`',
  },
  {
    id: 'second-stop-dropped',
    breaks: 'A STOP of a blocked number is dropped as no change.',
    file: decide,
    find: "const outcome: Outcome = !isBlocked ? 'turned' : change.texted ? 'renewed' : 'known'",
    replace: "const outcome: Outcome = !isBlocked ? 'turned' : 'known'",
  },
  {
    id: 'replay-confirms-again',
    breaks: 'A repeated call is answered as if it were the first.',
    file: decide,
    find: 'if (before) return { entry: before, replayed: true }\n    const isBlocked',
    replace: 'if (before) return { entry: before, replayed: false }\n    const isBlocked',
  },
  {
    id: 'start-by-arrival',
    breaks: 'A START lifts by the order of arrival.',
    file: optIn,
    find: 'return start.sentAt.getTime() >= blockedAt + resolutionMs',
    replace: 'return start.sentAt.getTime() > 0 || blockedAt < 0',
  },
  {
    id: 'resolution-ignored',
    breaks: 'A START sent within the same second as the block lifts it.',
    file: optIn,
    find: 'return start.sentAt.getTime() >= blockedAt + resolutionMs',
    replace: 'return start.sentAt.getTime() >= blockedAt',
  },
  {
    id: 'unknown-time-lifts',
    breaks: 'A block without a time is lifted by any START after it.',
    file: optIn,
    find: 'start.sentAt.getTime() > block.at.getTime() + afterCommitMs',
    replace: 'start.sentAt.getTime() > 0',
  },
  {
    id: 'earliest-stop-counts',
    breaks: 'A START is judged by the earliest of the opt-outs that hold the number.',
    file: optIn,
    find: 'latest = Math.max(latest, time.getTime())',
    replace: 'latest = latest > 0 ? Math.min(latest, time.getTime()) : time.getTime()',
  },
  {
    id: 'hand-any-rev',
    breaks: 'An opt-in by hand lifts another block than the one that was seen.',
    file: decide,
    find: 'how.epoch === desk.known.epoch && how.rev === state.rev',
    replace: 'how.epoch === desk.known.epoch && how.rev > 0',
  },
  {
    id: 'yes-is-consent',
    breaks: 'A YES where nothing blocks is a lift.',
    file: decide,
    find: "op: how.onlyIfBlocked ? 'keep' : 'lift'",
    replace: "op: how.onlyIfBlocked ? 'lift' : 'lift'",
  },
  {
    id: 'unknown-outcome-is-failure',
    breaks: 'An attempt with unknown outcome is given up and reported as an error of the code.',
    file: queue,
    find: 'if (!isUnknownOutcome(error)) throw error',
    replace:
      "if (isUnknownOutcome(error)) return { kind: 'committed', head: { epoch: '0'.repeat(16) } as Head, decisions: [], fresh: [] }",
  },
]

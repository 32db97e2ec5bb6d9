import type { Mutant } from './mutant.ts'

const fold = 'apps/compliance/src/use-cases/fold-account.ts'
const foldRules = 'apps/compliance/src/domain/fold.ts'
const heads = 'apps/compliance/src/store/heads.ts'
const blocklist = 'apps/compliance/src/store/blocklist.ts'
const relay = 'apps/compliance/src/use-cases/relay-changes.ts'
const queries = 'apps/compliance/src/use-cases/consent-queries.ts'

/** Fold and relay: what was committed reaches the ledger, the blocklist and NATS, whole and in order. */
export const foldMutants: readonly Mutant[] = [
  {
    id: 'fold-local-read',
    breaks: 'The fold begins from a local read, which may be rolled back.',
    file: heads,
    find: 'const found = await find([id], { readConcern: majorityRead, ...(session ? { session } : {}) })',
    replace:
      "const found = await find([id], { readConcern: { level: 'local' as 'majority' }, ...(session ? { session } : {}) })",
  },
  {
    id: 'trim-before-majority',
    breaks: '`recent` is trimmed before a majority holds the rows.',
    file: blocklist,
    find: 'const write = { writeConcern: safetyMajorityWrite, maxTimeMS: safetyMaxTimeMs }',
    replace:
      'const write = { writeConcern: { w: 1 }, maxTimeMS: safetyMaxTimeMs } as unknown as { writeConcern: typeof safetyMajorityWrite; maxTimeMS: number }',
  },
  {
    id: 'trim-without-ledger',
    breaks: '`recent` is trimmed whatever became of the ledger.',
    file: fold,
    find: 'await appendToLedger(stores, session, head, entries)',
    replace: 'await appendToLedger(stores, session, head, entries).catch(() => {})',
  },
  {
    id: 'fold-without-rev-guard',
    breaks: 'A row is put over a newer one.',
    file: blocklist,
    find: 'a, rev: { $lt: row.rev } },',
    replace: 'a, rev: { $lt: row.rev + 1_000 } },',
  },
  {
    id: 'duplicate-is-newer',
    breaks: 'A duplicate key is taken for a newer row, and no row is read back before `recent` is trimmed.',
    file: blocklist,
    find: 'await blocklist.bulkWrite(updates(false), { ...write, session, ordered: false })',
    replace: '',
    also: [
      {
        file: fold,
        find: 'return [...turning].every(([key, changes]) => (standing.get(key)?.rev ?? 0) >= (changes.at(-1)?.rev ?? 0))',
        replace: 'return turning.size >= 0 || standing.size > 0',
      },
      {
        file: fold,
        find: 'const row = looksNew(changes) ? foldEntries(null, changes) : null',
        replace: 'const row = looksNew([]) ? foldEntries(null, changes) : null',
      },
    ],
  },
  {
    id: 'added-over-standing',
    breaks: 'A row that stood already is taken for one that was added.',
    file: fold,
    find: "(await stores.blocklist.add(a, rows, session)) === 'new' ? standing : turning",
    replace: '(await stores.blocklist.add(a, rows, session)) !== null ? standing : turning',
  },
  {
    id: 'keep-overlaid',
    breaks: 'A `keep` is applied as a change.',
    file: foldRules,
    find: "if (entry.op === 'keep' || (state !== null && entry.rev <= state.rev)) return state",
    replace: 'if (state !== null && entry.rev <= state.rev) return state',
  },
  {
    id: 'row-from-last-entry',
    breaks: 'A row is made from the last entry alone.',
    file: fold,
    find: 'const folded = foldEntries(state, changes)',
    replace: 'const folded = foldEntries(null, changes.slice(-1)) ?? state',
  },
  {
    id: 'row-from-nothing',
    breaks: 'A row is computed without the stored one.',
    file: fold,
    find: 'const state = stored.get(key) ?? null',
    replace: 'const state = stored.get(`${key}-`) ?? null',
  },
  {
    id: 'folded-entries-applied-again',
    breaks: 'An entry that is folded already is applied again.',
    file: foldRules,
    find: "entry.op === 'keep' || (state !== null && entry.rev <= state.rev)",
    replace: "entry.op === 'keep' || (state !== null && entry.rev < 0)",
  },
  {
    id: 'trims-more-than-folded',
    breaks: 'The trim takes entries that are not folded.',
    file: heads,
    find: '$pull: { recent: { rev: { $lte: foldedTo } } } },',
    replace: '$pull: { recent: { rev: { $lte: foldedTo + 1 } } } },',
  },
  {
    id: 'trim-without-guard',
    breaks: 'The trim does not ask whether another fold was quicker.',
    file: heads,
    find: '{ _id: a, a, epoch, folded },',
    replace: '{ _id: a, a, epoch, ...(folded < 0 ? { folded } : {}) },',
  },
  {
    id: 'held-forgets',
    breaks: 'A renewed block forgets what held it before.',
    file: foldRules,
    find: 'const sources = blocks ? [...(turns ? [] : state.sources), holding(entry)].slice(-holdingSourcesMax) : []',
    replace: 'const sources = blocks ? [holding(entry)] : []',
  },
  {
    id: 'published-over-hole',
    breaks: '`published` is raised over a change that was not published.',
    file: relay,
    find: "if (lane.isBehind) throw new Error('an earlier change is not published yet')",
    replace: '',
  },
  {
    id: 'published-before-acknowledged',
    breaks: '`published` is raised before NATS has acknowledged.',
    file: relay,
    find: `        await done
        lane.published = rev`,
    replace: `        void done.catch(() => {})
        lane.published = rev`,
  },
  {
    id: 'page-over-refused',
    breaks: 'A page raises `published` over what NATS refused.',
    file: relay,
    find: 'const last = events[refusedAt === -1 ? events.length - 1 : refusedAt - 1]',
    replace: 'const last = events[events.length - 1]',
  },
  {
    id: 'published-goes-back',
    breaks: '`published` is set, also to less than it was.',
    file: heads,
    find: '{ $max: { published } }',
    replace: '{ $set: { published } }',
  },
  {
    id: 'changes-latest-first',
    breaks: 'Who asks for a gap gets the latest changes, and not those that follow theirs.',
    file: queries,
    find: 'const entries = [...folded, ...recent].slice(0, limit)',
    replace: 'const entries = [...folded, ...recent].slice(-limit)',
    also: [
      {
        file: queries,
        find: 'stores.ledger.after(accountId, after, limit) : []',
        replace: 'stores.ledger.after(accountId, after, 10_000) : []',
      },
    ],
  },
  {
    id: 'changes-tell-keep-as-block',
    breaks: 'Who asks for a gap is told of a block where nothing changed.',
    file: queries,
    find: 'op: entry.op,\n          cause',
    replace: "op: entry.op === 'keep' ? 'block' : entry.op,\n          cause",
  },
]

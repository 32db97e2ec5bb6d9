import type { Mutant } from './mutant.ts'

const questions = 'packages/clearance/src/questions.ts'
const standing = 'packages/clearance/src/standing.ts'
const gate = 'packages/clearance/src/gate.ts'
const pass = 'packages/clearance/src/pass.ts'
const heads = 'apps/compliance/src/store/heads.ts'
const safeRead = 'apps/compliance/src/use-cases/safe-read.ts'
const sharedReads = 'apps/compliance/src/use-cases/shared-reads.ts'
const protocol = 'packages/clearance/src/protocol.ts'

/** Verdicts: how they are read, how long they live, what takes them away. */
export const checkMutants: readonly Mutant[] = [
  {
    id: 'lease-from-answer',
    breaks: 'The lease counts from the answer, not from the instant before the question.',
    file: questions,
    find: 'const until = askedAt + Math.min(given.leaseMs, leaseMs) - marginMs',
    replace: 'const until = state.clock.monoMs() + Math.min(given.leaseMs, leaseMs) - marginMs',
  },
  {
    id: 'lease-long',
    breaks: 'The lease is one and a half times as long.',
    file: protocol,
    find: 'export const leaseMs = 500',
    replace: 'export const leaseMs = 750',
  },
  {
    id: 'margin-none',
    breaks: 'Nothing is taken off the lease for the way to the kernel.',
    file: protocol,
    find: 'export const marginMs = 25',
    replace: 'export const marginMs = -25',
  },
  {
    id: 'gate-without-expiry',
    breaks: 'The gate passes on a verdict that has run out.',
    file: standing,
    find: "if (!(now >= verdict.askedAt && now < verdict.until)) return 'expired'",
    replace: "if (!(now >= verdict.askedAt)) return 'expired'",
  },
  {
    id: 'gate-ignores-clocks',
    breaks: 'A machine that was suspended goes on with the verdicts it had.',
    file: standing,
    find: "return Math.abs(wall - now - verdict.skew) <= clocksApartMs ? null : 'clocks'",
    replace: "return Number.isNaN(wall) ? 'clocks' : null",
  },
  {
    id: 'event-ignored',
    breaks: 'An event does not take the verdict away.',
    file: gate,
    find: 'known.verdicts.delete(number)',
    replace: '',
  },
  {
    id: 'event-not-remembered',
    breaks: 'An answer to a question from before the event is taken.',
    file: gate,
    find: 'if (isHeld || isAskedFor(known, account, number, now)) known.voidBefore.set(number, now)',
    replace:
      'if (isHeld && isAskedFor(known, account, number, now) && now < 0) known.voidBefore.set(number, now)',
  },
  {
    id: 'late-answer-wins',
    breaks: 'An answer replaces one that was asked for later.',
    file: questions,
    find: 'if (held.askedAt > given.askedAt) return true',
    replace: 'if (held.askedAt > given.askedAt) return false',
  },
  {
    id: 'reasons-do-not-bind',
    breaks: 'A block of more than one list does not bind.',
    file: pass,
    find: 'if (reasons.length > 0 && bindingReasons(reasons, text.origin, policy).length > 0) {',
    replace: 'if (reasons.length === 1 && bindingReasons(reasons, text.origin, policy).length > 0) {',
  },
  {
    id: 'head-by-majority',
    breaks: 'The head is read with majority, which a stale primary answers.',
    file: heads,
    find: 'return byId(await find(ids, { session, readConcern: linearizableRead }))',
    replace: 'return byId(await find(ids, { session, readConcern: majorityRead }))',
  },
  {
    id: 'joins-read-under-way',
    breaks: 'A request joins a read that is under way.',
    file: sharedReads,
    find: 'return (wanted) => {',
    replace: `let current: { wanted: Wanted; answer: Promise<Answer> } | null = null
  const readNow = deps.read
  deps = {
    ...deps,
    read: (wanted) => {
      const answer = readNow(wanted)
      current = { wanted, answer }
      const over = () => {
        current = null
      }
      answer.then(over, over)
      return answer
    },
  }
  const covers = (one: Wanted, wanted: Wanted) =>
    [...wanted].every(([a, set]) => [...set].every((n) => one.get(a)?.has(n)))
  return (wanted) => {
    if (current && covers(current.wanted, wanted)) return current.answer`,
  },
  {
    id: 'rows-before-head',
    breaks: 'The rows are read before the head.',
    file: safeRead,
    find: 'const heads = await stores.heads.readLinearizable([nationalLists, ...wanted.keys()], session)',
    replace: `const keys = [...wanted].flatMap(([a, ns]) => ['own', 'carrier', 'dnc'].flatMap((list) => [...ns].map((n) => ({ a, n, list }))))
    const early = await stores.session((other) => stores.blocklist.find(keys, other))
    stores = { ...stores, blocklist: { ...stores.blocklist, find: async () => early } }
    const heads = await stores.heads.readLinearizable([nationalLists, ...wanted.keys()], session)`,
  },
  {
    id: 'rows-newer-than-head',
    breaks: 'Rows that were folded beyond their head are answered with it.',
    file: safeRead,
    find: 'const isMixed = ofAccount.some(({ rev }) => rev > (head?.rev ?? 0))',
    replace: 'const isMixed = ofAccount.some(({ rev }) => rev < (head ? 0 : 1))',
  },
  {
    id: 'rows-without-time',
    breaks: "The rows are read without the head's time.",
    file: safeRead,
    find: 'const states = await readStates(stores, session, heads, wanted)',
    replace: 'const states = await stores.session((other) => readStates(stores, other, heads, wanted))',
  },
  {
    id: 'recent-not-overlaid',
    breaks: '`recent` is not applied to the rows.',
    file: safeRead,
    find: 'if (!numbers.has(entry.n)) continue',
    replace: 'if (numbers.has(entry.n)) continue',
  },
  {
    id: 'recent-before-folded-only',
    breaks: 'Only the first entry of `recent` is applied.',
    file: safeRead,
    find: 'for (const entry of head.recent) {',
    replace: 'for (const entry of head.recent.slice(0, 1)) {',
  },
  {
    id: 'missing-head-is-no-block',
    breaks: 'The first list alone is looked for.',
    file: safeRead,
    find: 'for (const list of heads.get(a)?.lists ?? []) for',
    replace: 'for (const list of heads.get(a)?.lists.slice(0, 1) ?? []) for',
  },
  {
    id: 'lists-after-rows',
    breaks: 'The head of the national lists is read after the rows.',
    file: safeRead,
    find: `    const heads = await stores.heads.readLinearizable([nationalLists, ...wanted.keys()], session)
    if (!heads.delete(nationalLists)) throw new Error('the head of the national lists is missing')
    const states = await readStates(stores, session, heads, wanted)`,
    replace: `    const heads = await stores.heads.readLinearizable([...wanted.keys()], session)
    const states = await readStates(stores, session, heads, wanted)
    const lists = await stores.session((other) => stores.heads.readLinearizable([nationalLists], other))
    if (!lists.delete(nationalLists)) throw new Error('the head of the national lists is missing')`,
  },
  {
    id: 'answers-stale-error-as-free',
    breaks: 'Where the safe read fails, the number is answered as free.',
    file: 'apps/compliance/src/use-cases/check-clearance.ts',
    find: "return asks.map(() => ({ error: { reason: 'unavailable' as const } }))",
    replace: `return asks.map(({ numbers }) => ({
        epoch: '0'.repeat(16) as Epoch,
        rev: 0,
        leaseMs,
        policy: { v: 1 as const },
        verdicts: numbers.map(() => ({ allowed: true, reasons: [] })),
      }))`,
  },
  { id: 'drift-25', breaks: 'Clocks drift by 25 %, more than the bound allows for.', world: 'fast-drift' },
  {
    id: 'pause-after-gate',
    breaks: 'The process is paused between gate and first byte.',
    world: 'pause-after-gate',
  },
  {
    id: 'shared-list-not-asked',
    breaks: 'The lists that accounts share are not looked at.',
    file: 'apps/compliance/src/use-cases/safe-read.ts',
    find: 'policy.v === 2 ? policy.national.map(({ list }) => list) : []',
    replace: 'policy.v === 2 ? policy.national.slice(1).map(({ list }) => list) : []',
  },
  {
    id: 'policy-binds-first-origin-only',
    breaks: 'A list that accounts share binds the first of its origins alone.',
    file: 'packages/clearance/src/binds.ts',
    find: 'named.origins.includes(origin))',
    replace: 'named.origins.indexOf(origin) === 0)',
  },
]

import type { PhoneNumber } from '@heed/phone'
import { waitFor } from '@heed/testkit'
import type { System, startHere, TestAccount } from './start-system.ts'

type Rpc = Awaited<ReturnType<typeof startHere>>['rpc']
export type Step = { delayMs: number; text: string }

/** Delays of an hour: a step that nothing brings within a test. */
export const later = 3_600_000

/** One account with one sequence, and what a test does with it. */
export async function openSequence(
  { system, rpc, account }: { system: System; rpc: Rpc; account?: TestAccount },
  steps: readonly Step[],
  more: { optOutInstruction?: string } = {},
) {
  const { accountId, from } = account ?? (await system.newAccount())
  const { sequenceId } = await rpc.sequences.create.mutate({ accountId, from, steps: [...steps], ...more })
  const one = { accountId, sequenceId }
  const get = () => rpc.sequences.get.query(one)
  const rows = async () => {
    const found: Awaited<ReturnType<typeof rpc.sequences.enrolments.query>>['rows'] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await rpc.sequences.enrolments.query({
        ...one,
        limit: 1_000,
        ...(cursor ? { cursor } : {}),
      })
      found.push(...page.rows)
      cursor = page.nextCursor
    }
    return found
  }
  return {
    ...one,
    from,
    get,
    rows,
    row: async (number: PhoneNumber) => (await rows()).filter((row) => row.number === number).at(-1),
    enrol: (...numbers: PhoneNumber[]) =>
      rpc.sequences.enrol.mutate({ ...one, recipients: numbers.map((number) => ({ number })) }),
    move: (transition: 'pause' | 'resume' | 'cancel') => rpc.sequences[transition].mutate(one),
    bodies: async (number: PhoneNumber) => (await system.carrier.texts(number)).map(({ body }) => body),
    /** Resolves when so many enrolments are in a state. */
    until: (state: keyof Awaited<ReturnType<typeof get>>['enrolments'], count = 1, timeoutMs = 10_000) =>
      waitFor(async () => (await get()).enrolments[state] === count, {
        timeoutMs,
        what: `${count} ${state} enrolments`,
      }),
    /** Resolves when so many texts of a step (from 0) are in a state, both in the counts and on rows. */
    untilStep: (
      step: number,
      state: 'waiting' | 'sent' | 'suppressed' | 'failed' | 'unknown',
      count = 1,
      timeoutMs = 10_000,
    ) =>
      waitFor(
        async () =>
          (await get()).steps[step]?.counts[state] === count &&
          (await rows()).filter((row) => row.steps[step]?.state === state).length === count,
        { timeoutMs, what: `${count} ${state} texts of step ${step}` },
      ),
  }
}

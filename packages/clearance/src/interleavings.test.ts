import type { PhoneNumber } from '@heed/phone'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { handScheduler } from '../tests/hand-scheduler.ts'
import { type Change, simulatedAuthority } from '../tests/simulated-authority.ts'
import { a, one, testGate, text, two } from '../tests/support.ts'
import { createAsker } from './asker.ts'

/** What a verdict may be used for on a clock that keeps time: the lease less its margin. */
const usableMs = 475

const number = fc.constantFrom(one, two)
const fate = fc.constantFrom('arrives', 'arrives', 'arrives', 'twice', 'is lost')
const plan = fc.record({
  people: fc.array(fc.record({ number, blocks: fc.boolean() }), { minLength: 1, maxLength: 6 }),
  sends: fc.array(number, { minLength: 1, maxLength: 8 }),
  passings: fc.array(fc.constantFrom(1, 20, 100, 240, 460, 475, 700), { maxLength: 12 }),
  events: fc.array(fate, { maxLength: 6 }),
  calls: fc.array(fate, { maxLength: 10 }),
})
type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never

/** A sender with its asker and its gate, an authority, and a network that lets all of them run in any order. */
function world(s: fc.Scheduler, { events, calls }: Pick<Plan, 'events' | 'calls'>) {
  const { gate, clock } = testGate()
  const time = handScheduler(clock)
  const authority = simulatedAuthority(clock)
  const turn = (label: string) => s.schedule(Promise.resolve(), label)
  const heard = new Map<PhoneNumber, number>()
  let asked = 0
  let heals = false

  const check = async (input: Parameters<typeof authority.answer>[0]) => {
    const fate = calls[asked++]
    await turn('the question arrives')
    const answer = authority.answer(input)
    await turn('the answer arrives')
    if (fate === 'is lost' && !heals) throw new Error('lost')
    return answer
  }
  const asker = createAsker({
    gate,
    check,
    scheduler: { soon: (run) => void turn('soon').then(run), after: time.scheduler.after },
    random: () => 0,
  })
  const tell = async (change: Change) => {
    await turn(`the event of rev ${change.rev} arrives`)
    gate.onEvent({ account: a, number: change.number, source: `SM${change.rev}` })
    heard.set(change.number, Math.max(change.rev, heard.get(change.number) ?? 0))
  }
  const commit = ({ number, blocks }: Plan['people'][number]) => {
    const change = authority.commit(number, blocks)
    const fate = events[change.rev - 1]
    if (fate !== 'is lost') void tell(change)
    if (fate === 'twice') void tell(change)
  }
  /** Tries to hand over a text, and holds the outcome against the truth. */
  const look = (number: PhoneNumber) => {
    const result = gate.pass(text(a, number), ({ rev }) => rev)
    if (result.outcome === 'hold') return 'hold'
    const rev = result.outcome === 'passed' ? result.value : result.rev
    const now = clock.monoMs()
    const state = authority.now(number)
    if (result.outcome === 'passed' && state?.blocks) expect(now - state.at).toBeLessThan(usableMs)
    expect(authority.stateAt(number, rev)?.blocks ?? false).toBe(result.outcome === 'suppressed')
    expect(now - authority.leftAt(rev)).toBeLessThan(usableMs)
    expect(rev).toBeGreaterThanOrEqual(heard.get(number) ?? 0)
    return result.outcome
  }
  const heal = () => {
    heals = true
    return time.advance(1_000)
  }
  return { ...time, authority, asker, commit, look, heal }
}

test('E1, E2, E6, E12: questions, answers, events, time and texts in any order: what passes was true within the lease, and never behind an event heard', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), plan, async (s, { people, sends, passings, ...network }) => {
      const w = world(s, network)
      await using _asker = w.asker
      s.scheduleSequence(people.map((one) => async () => w.commit(one)))
      s.scheduleSequence(
        passings.map((ms) => async () => {
          await w.advance(ms)
          w.look(one)
          w.look(two)
        }),
      )
      const texts: Promise<string>[] = []
      s.scheduleSequence(
        sends.map((number) => async () => {
          texts.push(w.asker.prepare(a, [number]).then(() => w.look(number)))
        }),
      )
      await s.waitIdle()
      // Two leases after the last loss every text passes or is suppressed, as the truth says.
      await w.heal()
      await s.waitFor(Promise.all([...texts, w.asker.prepare(a, [one, two])]))
      for (const number of [one, two])
        expect(w.look(number)).toBe(w.authority.now(number)?.blocks ? 'suppressed' : 'passed')
    }),
    { numRuns: 1_000 },
  )
})

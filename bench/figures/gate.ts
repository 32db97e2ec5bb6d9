import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { clearanceMetrics, createGate, type Gate, systemClock } from '@heed/clearance'
import { AccountId, Epoch, type PhoneNumber } from '@heed/phone'
import { createMetrics } from '@heed/service'
import { type Figure, newNumbers } from '../figure.ts'

const held = 100_000
/** Few enough to be let through well within one lease. */
const atATime = 10_000
const rounds = 50
const accountId = AccountId.parse('bench-gate')

/** One text let through with 100,000 verdicts in hand, beside `Map.get` of the same numbers, round by round. */
export const gateFigure: Figure = {
  name: 'the gate at 100,000 verdicts held',
  bound: 'the look-up of the number, and two readings of clocks, wall and monotonic',
  async measure() {
    const numbers = shuffled(newNumbers(held))
    const clock = pausableClock()
    const gate = createGate({ clock, hooks: clearanceMetrics(createMetrics({ withProcess: false })) })
    const known = new Map(numbers.map((number): [string, object] => [number, { number }]))
    const times = { gate: [] as number[], map: [] as number[], clocks: [] as number[] }
    for (let round = 0; times.gate.length < rounds && round < 2 * rounds; round++) {
      const from = (round * atATime) % held
      const slice = numbers.slice(from, from + atATime)
      clock.standStill(() => {
        renew(gate, numbers)
        collectYoung()
      })
      // As rows bring them: the same characters, and strings of their own, which either finds as near at hand.
      const [one, other] = [structuredClone(slice), structuredClone(slice)]
      let passed = 0
      const first = round % 2 === 0 ? nsEach(() => lookUp(known, one)) : null
      const gated = nsEach(() => {
        passed = letThrough(gate, other)
      })
      const map = first ?? nsEach(() => lookUp(known, one))
      // Where the machine gave this process no time for a whole lease, the gate holds what is left.
      if (passed < atATime) continue
      times.map.push(map)
      times.gate.push(gated)
      times.clocks.push(nsEach(() => readClocks(clock)))
    }
    const [pass, look, clocks] = [times.gate, times.map, times.clocks].map(undisturbed)
    return {
      rows: [
        {
          what: 'a text let through',
          value: pass ?? Number.NaN,
          unit: 'ns',
          limit: { what: 'Map.get', value: look ?? Number.NaN },
          target: { times: 2 },
        },
        { what: 'of it, the clocks alone', value: clocks ?? Number.NaN, unit: 'ns' },
      ],
    }
  },
}

/** What renewing left to collect is no cost of a text let through. */
setFlagsFromString('--expose-gc')
const collect: (options: { type: 'minor' }) => void = runInNewContext('gc')
const collectYoung = () => collect({ type: 'minor' })

/** The machine's clocks, which stand while the gate is filled: under load that may take longer than a lease. */
function pausableClock() {
  const clock = systemClock()
  let stoodMs = 0
  let stands: { mono: number; wall: number } | null = null
  const monoMs = () => stands?.mono ?? clock.monoMs() - stoodMs
  const wallMs = () => stands?.wall ?? clock.wallMs() - stoodMs
  return {
    monoMs,
    wallMs,
    standStill(work: () => void) {
      const from = { mono: monoMs(), wall: wallMs() }
      stands = from
      work()
      stands = null
      stoodMs = clock.monoMs() - from.mono
    },
  }
}

function renew(gate: Gate, numbers: readonly PhoneNumber[]): void {
  const question = gate.ask([{ accountId, numbers }])
  const verdicts = numbers.map(() => ({ allowed: true, reasons: [] }))
  const epoch = Epoch.parse('0123456789abcdef')
  gate.onAnswer(question, [{ epoch, rev: 1, leaseMs: 500, policy: { v: 1 }, verdicts }])
}

/** Kept, so that no compiler leaves out what it came from. */
const kept = { written: 0, clocks: 0 }
function letThrough(gate: Gate, numbers: readonly PhoneNumber[]): number {
  let passed = 0
  for (const number of numbers) {
    if (gate.pass({ accountId, origin: 'broadcast', number }, write).outcome === 'passed') passed++
  }
  return passed
}

function write(): void {
  kept.written++
}

function lookUp(map: ReadonlyMap<string, object>, numbers: readonly string[]): void {
  let found = 0
  for (const number of numbers) if (map.get(number) !== undefined) found++
  if (found !== numbers.length) throw new Error('the map lost numbers')
}

function readClocks(clock: ReturnType<typeof systemClock>): void {
  for (let i = 0; i < atATime; i++) kept.clocks = clock.wallMs() + clock.monoMs()
}

function nsEach(run: () => void): number {
  const startedAt = performance.now()
  run()
  return ((performance.now() - startedAt) * 1e6) / atATime
}

/**
 * The lower quartile: what else runs on the machine disturbs the rounds above it. A thread's own CPU time is no
 * measure of milliseconds, because the kernel counts it in ticks of 4 ms.
 */
function undisturbed(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)] ?? Number.NaN
}

function shuffled<T>(items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    const [one, other] = [items[i] as T, items[j] as T]
    items[i] = other
    items[j] = one
  }
  return items
}

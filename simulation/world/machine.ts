import type { Timers } from '@heed/service'
import type { Agenda } from './agenda.ts'
import type { Random } from './random.ts'

/** 1 January 2026: where wall clocks begin. */
export const wallZero = Date.UTC(2026, 0, 1)

/**
 * A process on a machine of its own: a clock that runs fast or slow, timers by that clock, and lives. What belongs
 * to a life that has ended never runs again; what comes while the process is paused runs when it goes on.
 */
export interface Machine {
  readonly name: string
  readonly isUp: boolean
  readonly life: number
  /** Monotonic and wall clock of this machine, in ms. */
  readonly clock: { monoMs(): number; wallMs(): number; now(): number }
  /** Of the present life. */
  timers(): Timers
  /** Runs in the present life after so long, or never. */
  later(delayMs: number, run: () => void): void
  /** Wraps what comes back from outside, so that it only runs in this life, and not while paused. */
  bind<Told extends unknown[]>(run: (...told: Told) => void): (...told: Told) => void
  start(): void
  crash(): void
  pause(forMs: number): void
  /** The monotonic clock stands still for so long while wall clocks go on. */
  suspend(forMs: number): void
}

export function machine(options: {
  name: string
  agenda: Agenda
  random: Random
  /** Of the machine's clock to true time: 0.9 is 10 % slow. */
  rate: number
}): Machine {
  const { name, agenda, random, rate } = options
  const wallOffset = Math.round(random.between(-50, 50))
  const monoZero = random.whole(1, 1_000_000)
  let life = 0
  let isUp = false
  let pausedUntil = 0
  let lostMs = 0

  const enter = (ofLife: number, run: () => void) => {
    if (ofLife !== life || !isUp) return
    if (agenda.now < pausedUntil) return void agenda.at(pausedUntil, () => enter(ofLife, run))
    run()
  }
  const later = (delayMs: number, run: () => void) => {
    const ofLife = life
    return agenda.at(agenda.now + delayMs, () => enter(ofLife, run))
  }
  const monoMs = () => monoZero + (agenda.now - lostMs) * rate
  const wallMs = () => wallZero + wallOffset + agenda.now * rate
  return {
    name,
    get isUp() {
      return isUp
    },
    get life() {
      return life
    },
    clock: { monoMs, wallMs, now: () => Math.floor(wallMs()) },
    timers: () => {
      const ofLife = life
      return {
        soon: (run) => void agenda.at(agenda.now, () => enter(ofLife, run)),
        after: (delayMs, run) => {
          const due = agenda.at(agenda.now + Math.max(0.05, delayMs) / rate + random.next() * 0.5, () =>
            enter(ofLife, () => {
              if (!isCancelled) run()
            }),
          )
          let isCancelled = false
          return () => {
            isCancelled = true
            agenda.cancel(due)
          }
        },
      }
    },
    later,
    bind(run) {
      const ofLife = life
      return (...told) => enter(ofLife, () => run(...told))
    },
    start() {
      life += 1
      isUp = true
      pausedUntil = 0
    },
    crash() {
      isUp = false
      life += 1
    },
    pause(forMs) {
      pausedUntil = Math.max(pausedUntil, agenda.now + forMs)
    },
    suspend(forMs) {
      pausedUntil = Math.max(pausedUntil, agenda.now + forMs)
      lostMs += forMs
    },
  }
}

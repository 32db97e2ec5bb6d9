import { type Fault, type FaultTarget, type Strike, strike } from './domain/faults.ts'

interface ActiveFault {
  readonly fault: Fault
  readonly untilMs: number
}

/** The faults of the moment; each ends by itself where it was given a time. */
export function faultSet(clock: { monoMs(): number }, random: () => number = Math.random) {
  let active: readonly ActiveFault[] = []
  const current = () => {
    const now = clock.monoMs()
    if (active.some(({ untilMs }) => untilMs <= now)) active = active.filter(({ untilMs }) => untilMs > now)
    return active
  }
  return {
    replace(faults: readonly Fault[]) {
      const now = clock.monoMs()
      active = faults.map((fault) => ({ fault, untilMs: now + (fault.forMs ?? Number.POSITIVE_INFINITY) }))
    },
    list: (): readonly Fault[] => current().map(({ fault }) => fault),
    strike(hit: { on: FaultTarget; to?: string }): Strike {
      const faults = current()
      if (faults.length === 0) return { delayMs: 0, fault: null }
      return strike(
        faults.map(({ fault }) => fault),
        hit,
        random,
      )
    },
  }
}
export type Faults = ReturnType<typeof faultSet>

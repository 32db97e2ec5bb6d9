import type { Rng } from './rng.ts'

export interface Killing {
  readonly at: number
  readonly does: 'kill'
  readonly name: string
  readonly downMs: number
}

/** SIGSTOP, and SIGCONT so much later: a machine that stands still, and comes back with all that it held. */
export interface Pause {
  readonly at: number
  readonly does: 'pause'
  readonly name: string
  readonly forMs: number
}

/** What a connection may lead to. There is no proxy before the carrier: a first byte is to be seen directly. */
export const targets = ['compliance', 'database', 'nats', 'inbound-sms'] as const
export type Target = (typeof targets)[number]

export interface NetFault {
  readonly at: number
  readonly does: 'net fault'
  readonly to: Target
  readonly kind: 'cut' | 'blackhole' | 'delay'
  readonly forMs: number
  readonly delayMs: number
  /** Which of the connections to the target: all of them, or one, counted round. */
  readonly which: 'all' | number
}

/** Each process once in random order, then any, at random moments; several may be down at once. */
export function killings(rng: Rng, lengthMs: number, names: readonly string[]): Killing[] {
  const count = Math.max(names.length, Math.floor(lengthMs / 8_000))
  const order = [...rng.shuffle(names), ...Array.from({ length: count }, () => rng.pick(names))]
  const slot = (lengthMs - 1_500) / count
  return order.slice(0, count).map((name, i) => ({
    at: Math.floor(1_500 + slot * (i + rng.next() * 0.9)),
    does: 'kill',
    name,
    downMs: name === 'nats-server' ? rng.int(1_500, 3_000) : rng.int(200, 3_000),
  }))
}

export function pauses(rng: Rng, lengthMs: number, names: readonly string[]): Pause[] {
  // What a stopped carrier has in hand it would tell the time of too late.
  const pausable = names.filter((name) => name !== 'carrier-sim')
  const count = Math.max(3, Math.floor(lengthMs / 10_000))
  return Array.from({ length: count }, () => ({
    at: rng.int(1_000, lengthMs * 0.95),
    does: 'pause',
    name: rng.pick(pausable),
    forMs: rng.pick([rng.int(20, 120), rng.int(200, 700), rng.int(700, 3_000)]),
  }))
}

/** One timeline for each target, so that no fault takes back another's. */
export function netFaults(rng: Rng, lengthMs: number): NetFault[] {
  const everyMs: Record<Target, number> = {
    compliance: 9_000,
    database: 11_000,
    nats: 9_000,
    'inbound-sms': 13_000,
  }
  return targets.flatMap((to) => {
    const faults: NetFault[] = []
    let at = rng.int(500, everyMs[to])
    while (at < lengthMs * 0.95) {
      const kind = rng.pick(['cut', 'blackhole', 'delay'] as const)
      const forMs = kind === 'delay' ? rng.int(1_000, 6_000) : rng.int(300, 4_500)
      const which = rng.next() < 0.5 ? 'all' : rng.int(0, 100)
      faults.push({ at, does: 'net fault', to, kind, forMs, which, delayMs: rng.int(5, 400) })
      at += forMs + rng.int(everyMs[to] * 0.4, everyMs[to] * 1.6)
    }
    return faults
  })
}

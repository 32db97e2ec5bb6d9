import { backoffMs, type Clock, pause, type Timers } from '@heed/service'
import { aheadMs, leadMs, reservable, slotOffsets } from '../domain/slots.ts'
import type { Slots } from '../store/lane-store.ts'
import type { ServerClock } from './server-clock.ts'

/** Releases items just before slots that all copies of the service share. */
export interface Pacer<Item> {
  add(items: readonly Item[]): void
  /** Items without a slot yet. */
  readonly waiting: number
  /** Resolves when fewer than `count` items wait, or none will be served any more. */
  below(count: number): Promise<void>
  readonly isClosed: boolean
}

export interface PacerOptions<Item> {
  /** Segments a second; null: no slots, but the reservation still tells whether anything may go. */
  readonly ratePerSecond: number | null
  readonly reserve: (segments: number) => Promise<Slots>
  /** `slotAt`, monotonic ms: when its first byte may be written; 0 without a rate. */
  readonly release: (item: Item, slotAt: number) => void
  /** Items that will get no slot: it was closed, or the signal was aborted. */
  readonly refuse: (items: readonly Item[]) => void
  readonly onFailure: (error: unknown) => void
  readonly clock: Clock
  readonly serverClock: ServerClock
  readonly timers: Timers
  readonly random: () => number
  readonly signal: AbortSignal
}

const itemsPerReservation = 500

export function startPacer<Item extends { readonly segments: number }>(
  options: PacerOptions<Item>,
): Pacer<Item> {
  const { ratePerSecond, clock, serverClock, timers, random, signal } = options
  const queue: Item[] = []
  let below: { count: number; resolve: () => void }[] = []
  let isRunning = false
  let isClosed = false
  const timed = timedReleases(options.release, clock, timers)

  const tell = () => {
    below = below.filter(({ count, resolve }) => {
      const isDue = queue.length < count || isClosed
      if (isDue) resolve()
      return !isDue
    })
  }
  const close = () => {
    isClosed = true
    options.refuse([...queue.splice(0), ...timed.drain()])
    tell()
  }
  const reserveNext = async () => {
    const costs = queue.slice(0, itemsPerReservation).map(({ segments }) => segments)
    const count = reservable(costs, ratePerSecond)
    const wanted = costs.slice(0, count)
    const total = wanted.reduce((sum, cost) => sum + cost, 0)
    const slots = await options.reserve(total)
    if (slots === 'closed') return close()
    if (!slots.granted) return pause(Math.min(slots.retryInMs, 1_000), signal, timers)
    serverClock.observe(slots.now)
    const offsets = slotOffsets(wanted, ratePerSecond)
    queue.splice(0, count).forEach((item, index) => {
      if (ratePerSecond === null) options.release(item, 0)
      else timed.add(item, serverClock.monoAt(slots.startsAt + (offsets[index] ?? 0)))
    })
    tell()
    if (ratePerSecond === null) return
    const endsAt = serverClock.monoAt(slots.startsAt + (total * 1_000) / ratePerSecond)
    const restMs = endsAt - aheadMs - clock.monoMs()
    if (restMs > 0) await pause(Math.min(restMs, 60_000), signal, timers)
  }
  const run = async () => {
    let failures = 0
    while (queue.length > 0 && !isClosed && !signal.aborted) {
      try {
        await reserveNext()
        failures = 0
      } catch (error) {
        options.onFailure(error)
        await pause(backoffMs(failures++, { firstMs: 20, maxMs: 1_000 }, random), signal, timers)
      }
    }
    isRunning = false
    if (signal.aborted) close()
  }
  signal.addEventListener('abort', () => isRunning || close(), { once: true })
  return {
    get waiting() {
      return queue.length
    },
    get isClosed() {
      return isClosed
    },
    add(items) {
      if (isClosed || signal.aborted) return options.refuse(items)
      queue.push(...items)
      if (isRunning) return
      isRunning = true
      void run()
    },
    below: (count) =>
      new Promise((resolve) => {
        below.push({ count, resolve })
        tell()
      }),
  }
}

/** Items in order of their slots, released by one timer, a little before. */
function timedReleases<Item>(release: (item: Item, slotAt: number) => void, clock: Clock, timers: Timers) {
  let line: { item: Item; at: number }[] = []
  let cancel: (() => void) | undefined
  const releaseDue = () => {
    cancel = undefined
    const now = clock.monoMs() + leadMs
    const due = line.findIndex(({ at }) => at > now)
    const ready = due < 0 ? line.splice(0) : line.splice(0, due)
    for (const { item, at } of ready) release(item, at)
    const next = line[0]
    if (next) cancel = timers.after(Math.max(1, next.at - now), releaseDue)
  }
  return {
    add(item: Item, at: number) {
      line.push({ item, at })
      if (cancel !== undefined) return
      const waitMs = at - leadMs - clock.monoMs()
      if (waitMs <= 0 && line.length === 1) releaseDue()
      else cancel = timers.after(Math.max(1, waitMs), releaseDue)
    },
    drain(): Item[] {
      cancel?.()
      cancel = undefined
      const rest = line.map(({ item }) => item)
      line = []
      return rest
    },
  }
}

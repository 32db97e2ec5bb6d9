/** Something that happens at an instant of virtual time. Cancelled ones stay in the queue and do nothing. */
export interface Happening {
  readonly at: number
  readonly order: number
  run: (() => void) | null
}

/** Virtual time, and everything that is going to happen in it. All instants are ms since the world began. */
export interface Agenda {
  readonly now: number
  /** How many things have happened. */
  readonly count: number
  at(instant: number, run: () => void): Happening
  cancel(happening: Happening): void
  /** Lets everything happen until then, in order. Rejects with what one of them throws. */
  runUntil(end: number): Promise<void>
}

/** So many happenings share a turn of the event loop, which costs more than most of them. */
const perTurn = 200

/**
 * Time is a queue: nothing takes time but what was said to. Between two happenings Node runs all promises that can
 * go on, as it does between two immediates, so code that awaits runs here as it runs everywhere.
 */
export function agenda(): Agenda {
  const heap = happeningHeap()
  let now = 0
  let order = 0
  let count = 0

  const runUntil = (end: number) =>
    new Promise<void>((resolve, reject) => {
      let isOver = false
      const step = () => {
        if (isOver) return
        for (;;) {
          const next = heap.peek()
          if (next === undefined || next.at > end) {
            isOver = true
            now = Math.max(now, end)
            return resolve()
          }
          heap.pop()
          const { run } = next
          if (run === null) continue
          now = next.at
          count += 1
          try {
            run()
          } catch (error) {
            isOver = true
            reject(error)
          }
          return
        }
      }
      const turn = () => {
        for (let i = 0; i < perTurn; i++) setImmediate(step)
        setImmediate(() => isOver || turn())
      }
      turn()
    })

  return {
    get now() {
      return now
    },
    get count() {
      return count
    },
    at(instant, run) {
      const happening: Happening = { at: Math.max(instant, now), order: order++, run }
      heap.push(happening)
      return happening
    },
    cancel(happening) {
      happening.run = null
    },
    runUntil,
  }
}

function happeningHeap() {
  const items: Happening[] = []
  const isBefore = (a: Happening, b: Happening) => a.at < b.at || (a.at === b.at && a.order < b.order)
  return {
    peek: (): Happening | undefined => items[0],
    push(added: Happening): void {
      let at = items.length
      items.push(added)
      while (at > 0) {
        const up = (at - 1) >> 1
        const above = items[up] as Happening
        if (!isBefore(added, above)) break
        items[at] = above
        at = up
      }
      items[at] = added
    },
    pop(): void {
      const last = items.pop()
      if (last === undefined || items.length === 0) return
      let at = 0
      for (;;) {
        let down = 2 * at + 1
        if (down >= items.length) break
        if (down + 1 < items.length && isBefore(items[down + 1] as Happening, items[down] as Happening))
          down += 1
        const below = items[down] as Happening
        if (!isBefore(below, last)) break
        items[at] = below
        at = down
      }
      items[at] = last
    },
  }
}

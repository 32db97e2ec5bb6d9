import type { Clock } from '@heed/service'
import type { ClaimedText } from '../store/text-document.ts'
import { type FairQueue, fairQueue } from './fair-queue.ts'

export interface TextInTurn {
  readonly text: ClaimedText
  readonly slotAt: number
}

const windowMs = 100
const aheadMin = 16

/**
 * Texts that wait for a connection; accounts take turns. `comingUp` is told of each about 100 ms before its turn, by
 * how many were taken lately: a verdict asked for earlier would be too old by then.
 */
export function textsInTurn({
  comingUp,
  aheadMax,
  clock,
}: {
  comingUp: (text: ClaimedText) => void
  aheadMax: number
  clock: Pick<Clock, 'monoMs'>
}): FairQueue<TextInTurn> {
  const behind = fairQueue<TextInTurn>(({ text }) => text.a)
  const ahead = fairQueue<TextInTurn>(({ text }) => text.a)
  const taken = recentCount(clock)
  const moveUp = () => {
    const room = Math.min(aheadMax, taken.count() + aheadMin) - ahead.size
    for (let moved = 0; moved < room; moved++) {
      const next = behind.take()
      if (!next) return
      comingUp(next.text)
      ahead.push(next)
    }
  }
  return {
    get size() {
      return behind.size + ahead.size
    },
    push(item) {
      behind.push(item)
      moveUp()
    },
    take() {
      const next = ahead.take()
      if (next) taken.add()
      moveUp()
      return next
    },
    drain: () => [...ahead.drain(), ...behind.drain()],
  }
}

/** How many there were in about the last 100 ms. */
function recentCount(clock: Pick<Clock, 'monoMs'>) {
  let startedAt = Number.NEGATIVE_INFINITY
  let current = 0
  let before = 0
  const turn = () => {
    const now = clock.monoMs()
    if (now - startedAt < windowMs) return
    before = now - startedAt < 2 * windowMs ? current : 0
    current = 0
    startedAt = now
  }
  return {
    add() {
      turn()
      current++
    },
    count() {
      turn()
      return Math.max(current, before)
    },
  }
}

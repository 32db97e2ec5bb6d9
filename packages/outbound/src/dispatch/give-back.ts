import { batcher, type Logger, type Timers } from '@heed/service'
import type { LaneId } from '../store/text-claims.ts'
import type { ClaimedText } from '../store/text-document.ts'
import type { TextStore } from '../store/text-store.ts'
import type { HeldTexts } from './held-texts.ts'

export interface GiveBack {
  /** Returns claimed texts to their lanes, without an attempt spent; `heldBy` names the rule, where one holds them. */
  give(texts: readonly ClaimedText[], dueAt: Date, heldBy?: string): void
  /** Resolves when everything given so far is back. */
  settled(): Promise<void>
}

/** What cannot be given back now comes back by itself when its lease has run out. */
export function giveBack(deps: {
  texts: Pick<TextStore, 'release'>
  held: HeldTexts
  wake: (lane: LaneId, at: Date) => void
  timers: Timers
  log: Logger
}): GiveBack {
  const underWay = new Set<Promise<void>>()
  const releases = batcher<{ text: ClaimedText; dueAt: Date; heldBy: string | undefined }, void>({
    itemsMax: 1_000,
    batchesMax: 1,
    timers: deps.timers,
    run: async (items) => {
      const alike = Map.groupBy(items, ({ dueAt, heldBy }) => `${dueAt.getTime()} ${heldBy}`)
      for (const group of alike.values()) {
        const texts = group.map(({ text }) => text)
        const [first] = group
        if (first) await deps.texts.release(texts, first.dueAt, first.heldBy)
      }
      return items.map(() => undefined)
    },
  })
  const giveOne = async (text: ClaimedText, dueAt: Date, heldBy: string | undefined) => {
    try {
      await releases.add({ text, dueAt, heldBy })
      deps.wake({ a: text.a, lane: text.lane }, dueAt)
    } catch (err) {
      deps.log.warn({ err }, 'a claimed text was not given back and waits for its lease to end')
    } finally {
      deps.held.remove(text)
    }
  }
  return {
    give(texts, dueAt, heldBy) {
      for (const text of texts) {
        const given = giveOne(text, dueAt, heldBy).finally(() => underWay.delete(given))
        underWay.add(given)
      }
    },
    async settled() {
      await Promise.all(underWay)
    },
  }
}

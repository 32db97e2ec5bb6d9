import type { Logger } from '@heed/service'

export interface BackgroundWork {
  /** Follows work that nobody awaits; a failure is logged once for an account while more of its kind is under way. */
  add(accountId: string, kind: 'fold' | 'publish', work: Promise<void>): void
  /** Resolves when all of it has ended, however it did. */
  settled(): Promise<void>
}

const failed = {
  fold: 'changes are not folded yet',
  publish: 'changes are not published yet',
}

/** What a commit leaves to do. What fails here is done again by the loop that finishes what a crash left. */
export function backgroundWork(log: Logger): BackgroundWork {
  const underWay = new Set<Promise<void>>()
  const counts = new Map<string, number>()
  return {
    add(accountId, kind, work) {
      const name = `${kind} ${accountId}`
      const count = counts.get(name) ?? 0
      counts.set(name, count + 1)
      const followed = work
        .catch((error) => {
          if (count === 0) log.warn({ err: error, account: accountId }, failed[kind])
        })
        .finally(() => {
          underWay.delete(followed)
          const left = (counts.get(name) ?? 1) - 1
          if (left > 0) counts.set(name, left)
          else counts.delete(name)
        })
      underWay.add(followed)
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

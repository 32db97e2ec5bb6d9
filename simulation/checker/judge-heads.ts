import type { HeadWrite, History } from '../world/history.ts'
import type { Report } from './report.ts'

const recentMax = 512

/** E3 and E11 at every write of a head: under one primary nothing of it goes back, and `recent` stays small. */
export function judgeHeads({ headWrites, wire }: History, report: Report): void {
  const before = new Map<string, HeadWrite>()
  for (const write of headWrites) {
    const where = `${write.account}: the head at ${write.at.toFixed(1)}`
    const last = before.get(write.account)
    before.set(write.account, write)
    if (write.waiting > recentMax) report('E3', `${where} holds ${write.waiting} changes that are not folded`)
    if (write.folded > write.rev || write.published > write.rev)
      report('E3', `${where} is folded or published beyond its rev ${write.rev}`)
    if (last === undefined || last.term !== write.term || last.epoch !== write.epoch) continue
    if (write.rev < last.rev) report('E3', `${where} goes back from rev ${last.rev} to ${write.rev}`)
    if (write.folded < last.folded) report('E3', `${where} unfolds from ${last.folded} to ${write.folded}`)
    if (write.published < last.published)
      report('E11', `${where} unpublishes from ${last.published} to ${write.published}`)
  }
  for (const forbidden of wire) report('E2', forbidden)
}

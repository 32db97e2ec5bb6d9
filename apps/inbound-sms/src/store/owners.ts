import type { AccountKeywords } from '@heed/keywords'
import { AccountId } from '@heed/phone'
import { type RaiseAlarm, systemTimers, type Timers } from '@heed/service'
import { z } from 'zod'
import { late, within } from '../deadline.ts'
import type { Journal } from './journal.ts'

/** What compliance last told of a business number. */
export const Owner = z.object({ account: AccountId, keywords: z.object({ optOut: z.array(z.string()) }) })
export type Owner = z.infer<typeof Owner>

const readWithinMs = 5_000

/**
 * Whose business number it was when compliance was last asked, kept on disk. It is for hints alone, which
 * must go out while compliance is away: what an account is, compliance decides for each call.
 */
export async function openOwners(
  journal: Pick<Journal, 'owners' | 'setOwner'>,
  raise: RaiseAlarm,
  timers: Timers = systemTimers,
) {
  const known = new Map<string, Owner>()
  try {
    const rows = await within(journal.owners(), readWithinMs, timers)
    if (rows === late) throw new Error('the disk does not answer')
    for (const { number, body } of rows) {
      const parsed = Owner.safeParse(parseJson(body))
      if (parsed.success) known.set(number, parsed.data)
    }
  } catch (error) {
    raise('journal-unusable', { err: error })
  }
  return {
    find: (number: string): Owner | undefined => known.get(number),
    numbers: (): string[] => [...known.keys()],

    /** Remembers what compliance told; without keywords those known before stay. */
    remember(number: string, told: { account: Owner['account']; keywords?: AccountKeywords }): void {
      const before = known.get(number)
      const optOut = told.keywords?.optOut ?? (before?.account === told.account ? before.keywords.optOut : [])
      const owner: Owner = { account: told.account, keywords: { optOut: [...optOut] } }
      const body = JSON.stringify(owner)
      if (before && JSON.stringify(before) === body) return
      known.set(number, owner)
      // A hint for every account is what a lost pair costs.
      journal.setOwner(number, body).catch(() => {})
    },
  }
}
export type Owners = Awaited<ReturnType<typeof openOwners>>

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

import type { AccountId, PhoneNumber } from '@heed/phone'
import { type BackgroundLoop, type Logger, startLoop } from '@heed/service'
import type { TextStore } from './store/text-store.ts'

/** A carrier refused a number because the person opted out with it (`carrierOptOuts` of @heed/events). */
export interface CarrierRefusal {
  readonly accountId: AccountId
  readonly number: PhoneNumber
  /** The attempt that was refused; telling it again changes nothing. */
  readonly source: string
}

/** Tells compliance of every refusal by a carrier, until it has been told: the rows remember. */
export function startRefusals(deps: {
  readonly texts: Pick<TextStore, 'refusalsDue' | 'refusalTold'>
  readonly tell: (refusal: CarrierRefusal) => Promise<void>
  readonly log: Logger
}): BackgroundLoop {
  return startLoop({
    name: 'carrier refusals',
    everyMs: 5_000,
    log: deps.log,
    run: async (signal) => {
      for (const row of await deps.texts.refusalsDue(200)) {
        if (signal.aborted) return
        await deps.tell({ accountId: row.a, number: row.number, source: row.attemptId })
        await deps.texts.refusalTold(row)
      }
    },
  })
}

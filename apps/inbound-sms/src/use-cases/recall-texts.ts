import { type Caller, DomainError } from '@heed/rpc'
import type { Clock } from '@heed/service'
import type { Carrier } from '../clients/carrier.ts'
import { type RecalledText, recalledText } from '../domain/recalled-text.ts'
import type { ArrivalStore } from '../store/arrivals.ts'
import type { Journal } from '../store/journal.ts'
import type { Owners } from '../store/owners.ts'
import { inboundOf } from './inbound-of.ts'

interface Page {
  readonly texts: RecalledText[]
  readonly nextCursor: string | null
}

const messagesAtOnce = 1_000
const journalPage = 256

/**
 * Tells what this service knows of opt-outs and opt-ins, for a compliance whose database was restored and lacks
 * some. Reads only; nothing is answered to anybody again.
 */
export function recallTexts(deps: {
  arrivals: () => Pick<ArrivalStore, 'page'>
  journal: Pick<Journal, 'page'>
  carrier: Pick<Carrier, 'listMessages'>
  carrierAccount: string
  owners: Pick<Owners, 'find'>
  clock: Clock
}) {
  return {
    async settled(
      caller: Caller,
      { since, cursor = '' }: { since: string; cursor?: string | undefined },
    ): Promise<Page> {
      requireAll(caller)
      const page = await deps.arrivals().page(cursor, messagesAtOnce)
      const texts = page.arrivals
        .filter(({ account, message }) => account !== null && message.receivedAt >= since)
        .flatMap(({ account, intent, message }) => {
          const keywords = deps.owners.find(message.to)?.keywords
          return recalledText(message, { account, intent, keywords }) ?? []
        })
      return { texts, nextCursor: page.last }
    },

    async journaled(caller: Caller, { cursor }: { cursor?: string | undefined }): Promise<Page> {
      requireAll(caller)
      const [lane = 'store', place = '0'] = (cursor ?? 'store/0').split('/')
      const after = Number(place)
      const { entries, last } = await deps.journal.page(
        lane === 'commit' ? lane : 'store',
        after,
        journalPage,
      )
      const texts = entries.flatMap(({ body }) => {
        if (body.kind !== 'message') return []
        const { message, settlement } = body
        const keywords = deps.owners.find(message.to)?.keywords
        return recalledText(message, { account: null, keywords, ...settlement }) ?? []
      })
      if (last !== after) return { texts, nextCursor: `${lane}/${last}` }
      return { texts, nextCursor: lane === 'store' ? 'commit/0' : null }
    },

    async atCarrier(caller: Caller, input: { since: string; businessNumber: string }): Promise<Page> {
      requireAll(caller)
      const owner = deps.owners.find(input.businessNumber)
      const texts: RecalledText[] = []
      const list = { to: input.businessNumber, dateSentAfter: new Date(input.since) }
      for await (const message of deps.carrier.listMessages(list)) {
        if (message.direction !== 'inbound') continue
        const text = recalledText(inboundOf(message, deps), {
          account: owner?.account ?? null,
          keywords: owner?.keywords,
        })
        if (text) texts.push(text)
      }
      return { texts, nextCursor: null }
    },
  }
}
export type RecallTexts = ReturnType<typeof recallTexts>

/** Texts of every account are told: a token of some accounts is not enough. */
function requireAll(caller: Caller): void {
  if (!caller.actsForAll) throw new DomainError('forbidden')
}

import { type LaneId, type Outbound, textRow } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import type { ListInput, OneBroadcastInput, RecipientsInput } from '../schemas.ts'
import type { BroadcastDocument } from '../store/broadcast-document.ts'
import type { Broadcasts } from '../store/broadcasts.ts'
import { countsInTurn } from './counts-in-turn.ts'
import { publicState } from './move-broadcast.ts'

export function readBroadcasts(deps: {
  broadcasts: Broadcasts
  outbound: Pick<Outbound, 'texts'>
  monoMs: () => number
}) {
  const { broadcasts, outbound } = deps
  const inTurn = countsInTurn(deps.monoMs)
  const count = async (lane: LaneId) => {
    const [counts, optOuts] = await Promise.all([outbound.texts.counts(lane), outbound.texts.optOuts(lane)])
    return { recipients: Object.values(counts).reduce((sum, one) => sum + one, 0), counts, optOuts }
  }
  const known = async ({ accountId: a, broadcastId: id }: OneBroadcastInput): Promise<BroadcastDocument> => {
    const broadcast = await broadcasts.get({ a, id })
    if (!broadcast) throw new DomainError('unknown-broadcast')
    return broadcast
  }
  return {
    async get(input: OneBroadcastInput) {
      // The state first: a broadcast that is shown as finished has nothing waiting.
      const broadcast = await known(input)
      const lane = { a: broadcast.a, lane: broadcast._id }
      const version = `${broadcast.state}/${broadcast.nextIndex}`
      return { ...summary(broadcast), ...(await inTurn(broadcast._id, version, () => count(lane))) }
    },

    async list({ accountId, cursor, limit = 50 }: ListInput) {
      const page = await broadcasts.page(accountId, cursor ?? null, limit)
      const last = page.length === limit ? page.at(-1) : undefined
      return { broadcasts: page.map(summary), nextCursor: last?._id ?? null }
    },

    async recipients({ cursor, limit = 100, ...input }: RecipientsInput) {
      const { a, _id } = await known(input)
      const page = await outbound.texts.page({ a, lane: _id }, cursor ?? null, limit)
      const last = page.length === limit ? page.at(-1) : undefined
      return { rows: page.map(textRow), nextCursor: last?._id ?? null }
    },
  }
}

function summary(broadcast: BroadcastDocument) {
  const { _id, a, state, from, text, instructionAppended, encoding, segments, lane } = broadcast
  return {
    broadcastId: _id,
    accountId: a,
    state: publicState(state),
    from,
    text,
    instructionAppended,
    instructionOff: broadcast.instructionOff ?? null,
    encoding,
    segments,
    ratePerSecond: lane.ratePerSecond,
    sendWindows: broadcast.sendWindows ?? null,
    createdAt: broadcast.createdAt.toISOString(),
    startsAt: broadcast.startsAt?.toISOString() ?? null,
    startedAt: broadcast.startedAt?.toISOString() ?? null,
    endedAt: broadcast.endedAt?.toISOString() ?? null,
  }
}

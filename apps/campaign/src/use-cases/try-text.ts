import { createHash } from 'node:crypto'
import { closedLane, type Outbound, type TextRow, textRow } from '@heed/outbound'
import type { AccountId } from '@heed/phone'
import { DomainError } from '@heed/rpc'
import type { ComplianceAccounts } from '../compliance.ts'
import type { PreviewInput, TestSendInput } from '../schemas.ts'
import type { BroadcastDocument } from '../store/broadcast-document.ts'
import type { Broadcasts } from '../store/broadcasts.ts'
import { personalTexts } from './compose-text.ts'

/** Shows a broadcast's text as people would get it, and sends it to one number through the gate, to see it there. */
export function tryText(deps: {
  broadcasts: Pick<Broadcasts, 'get' | 'ensureTrial'>
  outbound: Pick<Outbound, 'texts' | 'wake' | 'now'>
  accounts: Pick<ComplianceAccounts, 'blocked'>
}) {
  const known = async (a: AccountId, id: string): Promise<BroadcastDocument> => {
    const broadcast = await deps.broadcasts.get({ a, id })
    if (!broadcast) throw new DomainError('unknown-broadcast')
    return broadcast
  }
  return {
    async preview({ accountId, broadcastId, people }: PreviewInput) {
      const personal = personalTexts(await known(accountId, broadcastId))
      return { texts: people.map(({ fields }) => personal(fields)) }
    },

    /** Counts in no report of the broadcast; a request that is repeated is answered with what became of the first. */
    async testSend({
      accountId: a,
      broadcastId,
      requestId,
      number,
      fields,
    }: TestSendInput): Promise<TextRow> {
      const broadcast = await known(a, broadcastId)
      const lane = `bc_trial${hashOf(a)}`
      const id = `${lane}-${hashOf(`${broadcastId}/${requestId}`)}`
      const [before] = await deps.outbound.texts.find(a, [id])
      if (before) return textRow(before)
      const { text, segments, isTooLong } = personalTexts(broadcast)(fields ?? {})
      if (isTooLong) throw new DomainError('text-too-long')
      const blocked = (await deps.accounts.blocked(a, [number])).get(number)
      const now = deps.outbound.now()
      await deps.broadcasts.ensureTrial(trialLane(lane, broadcast, now))
      const made = { id, lane, owner: broadcastId, number, from: broadcast.from, text, segments }
      const ended = blocked ? { suppressed: blocked } : {}
      await deps.outbound.texts.insert(a, [{ ...made, origin: 'test', ...ended }], now)
      if (!blocked) await deps.outbound.wake({ a, lane })
      const [kept] = await deps.outbound.texts.find(a, [id])
      if (!kept) throw new DomainError('unavailable', { detail: 'the text was not found after it was kept' })
      return textRow(kept)
    },
  }
}

/** One lane for an account's trials, open for good; only what a lane needs of it means anything. */
function trialLane(_id: string, { a, from }: BroadcastDocument, now: Date): BroadcastDocument {
  return {
    _id,
    a,
    state: 'trial',
    from,
    givenText: '',
    text: '',
    segments: 1,
    encoding: 'GSM-7',
    instructionAppended: false,
    nextIndex: 0,
    lane: { ...closedLane(null), open: true },
    createdAt: now,
    startedAt: null,
    endedAt: null,
  }
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24)

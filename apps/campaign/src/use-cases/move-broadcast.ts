import type { Outbound } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import { isAlready, type Transition } from '../domain/broadcast-state.ts'
import type { OneBroadcastInput } from '../schemas.ts'
import type { Broadcasts } from '../store/broadcasts.ts'
import type { EndWaiting } from './end-waiting.ts'

/** Schedule, start, pause, resume or cancel. Repeating a call is harmless; a state that does not allow it is `wrong-state`. */
export function moveBroadcast(deps: {
  broadcasts: Broadcasts
  outbound: Pick<Outbound, 'wake' | 'now'>
  endWaiting: EndWaiting
}) {
  return async (transition: Exclude<Transition, 'finish'>, input: OneBroadcastInput, startsAt?: Date) => {
    const one = { a: input.accountId, id: input.broadcastId }
    if (startsAt && startsAt <= deps.outbound.now())
      throw new DomainError((await deps.broadcasts.get(one)) ? 'in-the-past' : 'unknown-broadcast')
    const moved = await deps.broadcasts.move(one, transition, deps.outbound.now(), startsAt)
    const broadcast = moved ?? (await deps.broadcasts.get(one))
    if (!broadcast) throw new DomainError('unknown-broadcast')
    const { state } = broadcast
    const begins = transition === 'start' || transition === 'schedule'
    if (!moved && begins && state === 'draft' && broadcast.nextIndex === 0)
      throw new DomainError('no-recipients')
    if (!moved && !isAlready(transition, state)) throw new DomainError('wrong-state')
    if (state === 'running') await deps.outbound.wake({ a: one.a, lane: one.id })
    if (state === 'cancelled') await deps.endWaiting(broadcast)
    return { broadcastId: one.id, state: publicState(state) }
  }
}

export function publicState(state: string) {
  switch (state) {
    case 'draft':
    case 'scheduled':
    case 'running':
    case 'paused':
    case 'finished':
    case 'cancelled':
      return state
    default:
      throw new DomainError('internal', { detail: `a broadcast in state ${state} was shown` })
  }
}

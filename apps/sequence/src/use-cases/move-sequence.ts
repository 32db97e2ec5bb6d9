import type { Outbound } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import { isAlready, type Transition } from '../domain/sequence-state.ts'
import type { OneSequenceInput } from '../schemas.ts'
import type { Sequences } from '../store/sequences.ts'
import type { EndSequence } from './end-sequence.ts'

/** Pause, resume or cancel. Repeating a call is harmless; a state that does not allow it is `wrong-state`. */
export function moveSequence(deps: {
  sequences: Pick<Sequences, 'move' | 'get'>
  outbound: Pick<Outbound, 'wake' | 'now'>
  endSequence: EndSequence
}) {
  return async (transition: Transition, { accountId: a, sequenceId: id }: OneSequenceInput) => {
    const moved = await deps.sequences.move({ a, id }, transition, deps.outbound.now())
    const sequence = moved ?? (await deps.sequences.get({ a, id }))
    if (!sequence) throw new DomainError('unknown-sequence')
    const { state } = sequence
    if (!moved && !isAlready(transition, state)) throw new DomainError('wrong-state')
    if (state === 'running') await deps.outbound.wake({ a, lane: id })
    if (state === 'cancelled') await deps.endSequence(sequence)
    return { sequenceId: id, state }
  }
}

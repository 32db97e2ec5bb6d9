import type { Outbound, TextDocument } from '@heed/outbound'
import type { AccountId } from '@heed/phone'
import { statedPlace } from '@heed/quiet-hours'
import { DomainError } from '@heed/rpc'
import type { Compliance } from '../compliance.ts'
import { composeMessage } from '../domain/compose-message.ts'
import { messageIdOf } from '../domain/message-id.ts'
import type { Message, SendInput } from '../schemas.ts'
import type { Lanes } from '../store/lanes.ts'
import { messageOf } from './read-messages.ts'

/**
 * Keeps one text and hands it to the dispatcher. A number that is blocked ends at once as suppressed, with all its
 * reasons; what is allowed here is asked again at the gate. A request that is repeated is answered with what became
 * of the first one.
 */
export function sendMessage(deps: {
  compliance: Pick<Compliance, 'numbers' | 'optOutKeywords' | 'blocks'>
  lanes: Pick<Lanes, 'ensure'>
  outbound: Pick<Outbound, 'texts' | 'wake' | 'now'>
}) {
  const { compliance, lanes, outbound } = deps

  const known = async (a: AccountId, id: string, input: SendInput): Promise<Message | null> => {
    const [stored] = await outbound.texts.find(a, [id])
    if (!stored) return null
    if (!isSame(stored, input)) throw new DomainError('request-mismatch')
    return messageOf(stored)
  }

  const compose = async ({ accountId, from, text, optOutInstruction }: SendInput) => {
    const [numbers, keywords] = await Promise.all([
      compliance.numbers(accountId),
      optOutInstruction === undefined ? [] : compliance.optOutKeywords(accountId),
    ])
    if (!numbers.includes(from)) throw new DomainError('not-own-number')
    const composed = composeMessage(text, optOutInstruction, keywords)
    if (typeof composed === 'string') throw new DomainError(composed)
    return composed
  }

  return async (input: SendInput): Promise<Message> => {
    const { accountId: a, number, from, origin = 'one-to-one', contactId, actor } = input
    const id = messageIdOf(a, input.requestId)
    const before = await known(a, id, input)
    if (before) return before
    const { text, segments } = await compose(input)
    const suppressed = await compliance.blocks(a, number, origin)
    await lanes.ensure(a)
    const made = { id, lane: a, owner: actor ?? '', number, from, origin, text, segments }
    const person = contactId === undefined ? {} : { contactId }
    const ended = suppressed.length === 0 ? {} : { suppressed }
    const more = { ...person, ...statedPlace(input), ...ended }
    await outbound.texts.insert(a, [{ ...made, ...more }], outbound.now())
    if (suppressed.length === 0) await outbound.wake({ a, lane: a })
    const kept = await known(a, id, input)
    if (!kept) throw new DomainError('unavailable', { detail: 'the text was not found after it was kept' })
    return kept
  }
}

/** A wording that was appended may have changed since; what was asked for may not. */
function isSame(stored: TextDocument, { number, from, text, origin = 'one-to-one' }: SendInput): boolean {
  const isSameText = stored.text === text || stored.text.startsWith(text.trimEnd())
  return stored.number === number && stored.from === from && stored.origin === origin && isSameText
}

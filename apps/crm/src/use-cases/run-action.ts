import { type CountryCode, readNumber } from '@heed/phone/read'
import type { Message, Messages } from '../messages.ts'
import type { ActionCall } from '../schemas.ts'
import type { LinkDocument } from '../store/links.ts'
import type { Work } from '../store/work.ts'
import type { orderEnrolment } from './order-enrolment.ts'
import { orderText } from './order-text.ts'

export type OutputFields = Readonly<Record<string, string>>

/** How long a workflow waits for what becomes of a text, and is told so; ISO 8601 and ms. */
const waits = { duration: 'P1D', ms: 86_400_000 }
const firstLookMs = 1_000

/**
 * Sends the text of a HubSpot workflow step, or enrols the person in a sequence, once for each callback id. What is final
 * is answered at once; else the workflow is blocked, and goes on when it is told: what is to be told is kept before it is
 * blocked.
 */
export function runAction(deps: {
  messages: Pick<Messages, 'send'>
  work: Pick<Work, 'add'>
  enrol: ReturnType<typeof orderEnrolment>
  now: () => Date
  wake: () => void
}) {
  return async (link: LinkDocument, call: ActionCall): Promise<OutputFields> => {
    const { text, sequenceId, optOutInstruction } = call.inputFields
    const number = readNumber(call.inputFields.number, (link.country ?? undefined) as CountryCode | undefined)
    if (number === null) return failed('rejected', 'not-a-number')
    const objectId = call.object?.objectId
    const contactId = objectId === undefined ? undefined : String(objectId)
    if (sequenceId) {
      if (text) return failed('rejected', 'text-and-sequence')
      const enrolled = await deps.enrol(link, call.callbackId, { sequenceId, number, contactId })
      if ('refused' in enrolled) return failed('rejected', enrolled.refused)
      return { heed_state: enrolled.outcome, hs_execution_state: 'SUCCESS' }
    }
    if (!text) return failed('rejected', 'invalid-input')
    const ordered = await orderText(deps.messages, link, call.callbackId, {
      number,
      text,
      contactId,
      optOutInstruction: optOutInstruction || undefined,
    })
    if ('refused' in ordered) return failed('rejected', ordered.refused)
    const { message } = ordered
    if (message.state !== 'waiting') return outputOf(message)
    const now = deps.now()
    await deps.work.add(
      {
        _id: `ca/${message.messageId}`,
        a: link.a,
        link: link._id,
        task: {
          kind: 'complete-action',
          callbackId: call.callbackId,
          messageId: message.messageId,
          until: new Date(now.getTime() + waits.ms),
        },
        dueAt: new Date(now.getTime() + firstLookMs),
      },
      now,
    )
    deps.wake()
    return { heed_state: 'waiting', hs_execution_state: 'BLOCK', hs_expiration_duration: waits.duration }
  }
}

/** What a workflow is told of a text that is final. */
export function outputOf({ state, reasons, messageId }: Message): OutputFields {
  const told = { heed_state: state, heed_message_id: messageId }
  if (state === 'sent') return { ...told, hs_execution_state: 'SUCCESS' }
  return { ...failed(state, reasons.map(({ reason }) => reason).join(', ')), ...told }
}

/** The workflow goes on, and may branch by what it is told. */
function failed(state: string, reason: string): OutputFields {
  return { heed_state: state, heed_reason: reason, hs_execution_state: 'FAIL_CONTINUE' }
}

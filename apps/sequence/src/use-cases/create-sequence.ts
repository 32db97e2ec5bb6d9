import { closedLane, type Outbound } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import { renderText } from '@heed/wording'
import type { Compliance } from '../compliance.ts'
import { composeStep, isHeard } from '../domain/compose-step.ts'
import type { CreateInput } from '../schemas.ts'
import type { Sequences } from '../store/sequences.ts'
import type { beginTriggers } from './triggers.ts'

/** Keeps a sequence that runs from the start: whoever is enrolled is texted when the first step is due. */
export function createSequence(deps: {
  sequences: Pick<Sequences, 'insert'>
  outbound: Pick<Outbound, 'now'>
  compliance: Pick<Compliance, 'numbers' | 'wording'>
  beginTriggers: ReturnType<typeof beginTriggers>
  newSequenceId: () => string
}) {
  return async (input: CreateInput): Promise<{ sequenceId: string }> => {
    const { accountId: a, from, steps } = input
    const [numbers, wording] = await Promise.all([deps.compliance.numbers(a), deps.compliance.wording(a)])
    if (!numbers.includes(from)) throw new DomainError('not-own-number')
    const instruction = input.optOutInstruction ?? wording.optOutInstruction
    if (!isHeard(instruction, wording)) throw new DomainError('wording-names-no-keyword')
    if (steps.some(({ text }) => composeStep(renderText(text, {}), instruction, wording) === null)) {
      throw new DomainError('text-too-long')
    }
    const triggers = await deps.beginTriggers(a, input.triggers ?? [])
    const id = deps.newSequenceId()
    await deps.sequences.insert({
      _id: id,
      a,
      state: 'running',
      from,
      steps,
      optOutInstruction: input.optOutInstruction ?? null,
      ...(input.exitOnReply ? { exitOnReply: true } : {}),
      ...(input.excludeTags?.length ? { excludeTags: input.excludeTags } : {}),
      ...(triggers ? { triggers } : {}),
      lane: { ...closedLane(null), open: true },
      createdAt: deps.outbound.now(),
      cancelledAt: null,
    })
    return { sequenceId: id }
  }
}

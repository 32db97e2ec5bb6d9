import { type Outbound, type TextDocument, textRow } from '@heed/outbound'
import { DomainError } from '@heed/rpc'
import { type Enrolment, stepOfText, textIdOf } from '../domain/enrolment.ts'
import { foldProgress } from '../domain/progress.ts'
import type { EnrolmentsInput, ListInput, OneSequenceInput } from '../schemas.ts'
import type { Enrolments } from '../store/enrolments.ts'
import type { SequenceDocument } from '../store/sequence-document.ts'
import type { Sequences } from '../store/sequences.ts'

export function readSequences(deps: {
  sequences: Pick<Sequences, 'get' | 'page'>
  enrolments: Pick<Enrolments, 'groups' | 'page'>
  outbound: Pick<Outbound, 'texts'>
}) {
  const known = async ({ accountId: a, sequenceId: id }: OneSequenceInput): Promise<SequenceDocument> => {
    const sequence = await deps.sequences.get({ a, id })
    if (!sequence) throw new DomainError('unknown-sequence')
    return sequence
  }
  return {
    async get(input: OneSequenceInput) {
      const sequence = await known(input)
      const groups = await deps.enrolments.groups({ a: sequence.a, sequence: sequence._id })
      const { enrolments, steps: counts } = foldProgress(groups, sequence.steps.length)
      const answered = await deps.outbound.texts.optOutIds({ a: sequence.a, lane: sequence._id })
      const optOuts = Map.groupBy(answered, stepOfText)
      const steps = sequence.steps.flatMap((step, index) => {
        const counted = counts[index]
        return counted ? [{ ...step, counts: counted, optOuts: optOuts.get(index)?.length ?? 0 }] : []
      })
      return { ...summary(sequence), enrolments, steps }
    },

    async list({ accountId, cursor, limit = 50 }: ListInput) {
      const page = await deps.sequences.page(accountId, cursor ?? null, limit)
      const last = page.length === limit ? page.at(-1) : undefined
      const sequences = page.map((one) => ({ ...summary(one), steps: [...one.steps] }))
      return { sequences, nextCursor: last?._id ?? null }
    },

    async enrolments({ cursor, limit = 100, ...input }: EnrolmentsInput) {
      const { a, _id: sequence } = await known(input)
      const page = await deps.enrolments.page({ a, sequence }, cursor ?? null, limit)
      const texts = await deps.outbound.texts.find(a, page.flatMap(textIds))
      const textById = new Map(texts.map((text) => [text._id, text]))
      const last = page.length === limit ? page.at(-1) : undefined
      return { rows: page.map((one) => row(one, textById)), nextCursor: last?.id ?? null }
    },
  }
}

function summary(sequence: SequenceDocument) {
  const { _id, a, state, from, optOutInstruction, createdAt, cancelledAt } = sequence
  return {
    sequenceId: _id,
    accountId: a,
    state,
    from,
    optOutInstruction,
    exitOnReply: sequence.exitOnReply ?? false,
    excludeTags: [...(sequence.excludeTags ?? [])],
    triggers: [...(sequence.triggers?.tags ?? [])],
    createdAt: createdAt.toISOString(),
    cancelledAt: cancelledAt?.toISOString() ?? null,
  }
}

function textIds({ id, step }: Enrolment): string[] {
  return Array.from({ length: step + 1 }, (_, index) => textIdOf(id, index))
}

function row(enrolment: Enrolment, textById: ReadonlyMap<string, TextDocument>) {
  const { id, number, contactId, generation, state, reasons, createdAt, endedAt } = enrolment
  return {
    enrolmentId: id,
    number,
    contactId,
    generation,
    state,
    reasons: [...reasons],
    enrolledAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    steps: textIds(enrolment).flatMap((textId) => {
      const text = textById.get(textId)
      return text ? [{ ...textRow(text), dueAt: text.dueAt.toISOString() }] : []
    }),
  }
}

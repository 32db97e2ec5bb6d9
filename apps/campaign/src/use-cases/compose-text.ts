import { DomainError } from '@heed/rpc'
import { composeText, countSegments, fieldsOf, namesKeyword, renderText } from '@heed/wording'
import type { ComplianceAccounts } from '../compliance.ts'
import type { CreateInput } from '../schemas.ts'
import type { BroadcastDocument } from '../store/broadcast-document.ts'

/** What a carrier accepts (Twilio: 1,600 characters, error 21617 beyond). */
const textMax = 1_600

/** The broadcast as somebody gets it of whom nothing is known, and the wording that everybody's text gets. */
export function composeBroadcast(
  {
    text: template,
    optOutInstruction,
    withoutInstruction,
  }: Pick<CreateInput, 'text' | 'optOutInstruction' | 'withoutInstruction'>,
  account: Awaited<ReturnType<ComplianceAccounts['get']>>,
) {
  const wording = {
    instruction: withoutInstruction ? null : (optOutInstruction ?? account.optOutInstruction),
    optOutKeywords: [...account.optOutKeywords],
  }
  const { instruction } = wording
  if (instruction !== null && !namesKeyword(instruction, { optOut: wording.optOutKeywords }))
    throw new DomainError('wording-names-no-keyword')
  const { text, segments, encoding, instructionAppended } = composed(template, wording, {})
  if (text.length > textMax) throw new DomainError('text-too-long')
  const off = withoutInstruction ? { instructionOff: withoutInstruction.reason } : {}
  return { text, segments, encoding, instructionAppended, wording, ...off }
}

export type PersonalText = { readonly text: string; readonly segments: number; readonly isTooLong: boolean }

/** Makes each person's text; one text for all where the template names no field. */
export function personalTexts({
  givenText,
  text,
  segments,
  wording,
}: Pick<BroadcastDocument, 'givenText' | 'text' | 'segments' | 'wording'>) {
  const same: PersonalText = { text, segments, isTooLong: false }
  if (!wording || fieldsOf(givenText).length === 0) return () => same
  return (fields: Readonly<Record<string, string>>): PersonalText => {
    const own = composed(givenText, wording, fields)
    return { text: own.text, segments: own.segments, isTooLong: own.text.length > textMax }
  }
}

function composed(
  template: string,
  { instruction, optOutKeywords }: NonNullable<BroadcastDocument['wording']>,
  fields: Readonly<Record<string, string>>,
) {
  const text = renderText(template, fields)
  if (instruction === null) return { text, instructionAppended: false, ...countSegments(text) }
  return composeText({ text, instruction, keywords: { optOut: [...optOutKeywords] } })
}

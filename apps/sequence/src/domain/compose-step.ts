import {
  type ComposedText,
  composeText,
  defaultOptOutInstruction,
  namesKeyword,
  renderText,
} from '@heed/wording'

/** What a carrier accepts (Twilio: 1,600 characters, error 21617 beyond). */
export const textMax = 1_600

/** How the account words its instruction for sequences, and which keywords of its own it hears. */
export interface AccountWording {
  readonly optOutInstruction: string
  readonly optOutKeywords: readonly string[]
}

/** The step's text with its opt-out instruction, or null where that is too long for a carrier. */
export function composeStep(text: string, instruction: string, wording: AccountWording): ComposedText | null {
  const composed = composeText({ text, instruction, keywords: { optOut: [...wording.optOutKeywords] } })
  return composed.text.length <= textMax ? composed : null
}

export function isHeard(instruction: string, { optOutKeywords }: AccountWording): boolean {
  return namesKeyword(instruction, { optOut: [...optOutKeywords] })
}

/**
 * The text as it is frozen on a row. A sequence runs for months: a wording of its own that names a keyword which
 * the account hears no more gives way to the account's, and one that became too long to the standard one.
 */
export function renderStep(
  template: string,
  own: string | null,
  wording: AccountWording,
  fields: Readonly<Record<string, string>> = {},
): ComposedText {
  const text = renderText(template, fields)
  const instruction = own !== null && isHeard(own, wording) ? own : wording.optOutInstruction
  const standard = () => composeText({ text, instruction: defaultOptOutInstruction })
  return composeStep(text, instruction, wording) ?? standard()
}

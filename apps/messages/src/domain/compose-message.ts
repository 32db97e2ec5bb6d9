import { type ComposedText, composeText, countSegments, namesKeyword } from '@heed/wording'

/** What a carrier accepts (Twilio: 1,600 characters, error 21617 beyond). */
export const textMax = 1_600

/**
 * The text as it is sent. One person writes to another here, so no instruction is appended but the one given:
 * CTIA asks for it in recurring messages, which broadcasts and sequences are.
 */
export function composeMessage(
  text: string,
  instruction: string | undefined,
  optOutKeywords: readonly string[],
): ComposedText | 'wording-names-no-keyword' | 'text-too-long' {
  const keywords = { optOut: [...optOutKeywords] }
  if (instruction !== undefined && !namesKeyword(instruction, keywords)) return 'wording-names-no-keyword'
  const composed =
    instruction === undefined
      ? { text, instructionAppended: false, ...countSegments(text) }
      : composeText({ text, instruction, keywords })
  return composed.text.length > textMax ? 'text-too-long' : composed
}

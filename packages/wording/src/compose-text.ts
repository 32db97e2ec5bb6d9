import { type AccountKeywords, normalise } from '@heed/keywords'
import { countSegments, type SegmentCount } from './count-segments.ts'
import { instructsOptOut } from './opt-out-instruction.ts'

/** How a recipient opts out, where the account has no wording of its own. */
export const defaultOptOutInstruction = 'Reply STOP to opt out'

export interface ComposeRequest {
  readonly text: string
  /** The account's wording; `namesKeyword` tells whether it will do. */
  readonly instruction?: string
  /** The account's own keywords, so that an instruction naming one of them is known as an instruction. */
  readonly keywords?: AccountKeywords
}

export interface ComposedText extends SegmentCount {
  readonly text: string
  readonly instructionAppended: boolean
}

const sentenceEnd = /[.!?…。！？]["'“”‘’»)\]]*$/u

/**
 * The text as it will be sent. The instruction is appended unless the text gives one already: after a space
 * where the text is one paragraph that ends like a sentence, else on a line of its own, so that it never runs
 * into a word or a link. The text itself stays as it is, but for white space at its end.
 */
export function composeText({ text, instruction, keywords }: ComposeRequest): ComposedText {
  const wording = (instruction ?? defaultOptOutInstruction).trim()
  const known = instructsOptOut(wording, keywords)
  if (instructsOptOut(text, keywords) || (!known && quotes(text, wording))) {
    return { text, instructionAppended: false, ...countSegments(text) }
  }
  const composed = append(text.trimEnd(), wording)
  return { text: composed, instructionAppended: true, ...countSegments(composed) }
}

/** Instructions in other languages are not understood, but the account's own is recognised word for word. */
function quotes(text: string, wording: string): boolean {
  const said = normalise(wording)
  return said.includes(' ') && ` ${normalise(text)} `.includes(` ${said} `)
}

function append(text: string, wording: string): string {
  if (text === '') return wording
  const separator = !/[\r\n]/.test(text) && sentenceEnd.test(text) ? ' ' : '\n'
  return text + separator + wording
}

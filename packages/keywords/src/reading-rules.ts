import { messageRules } from './free-text.ts'
import { rules } from './rules.ts'

/** A rule by which free text is read, as an operator sees it. */
export interface ReadingRule {
  readonly id: string
  readonly hears: string
  readonly example: string
}

/** Every rule of free text, in the order in which they are tried. */
export const readingRules: readonly ReadingRule[] = [
  ...messageRules,
  ...rules.map(({ id, hears, example }) => ({ id, hears, example })),
]

import type { TextReason } from './text-reason.ts'

/** What other lists, quiet hours and caps say of a claimed text. `heldBy` names the rule in its row. */
export type Judgement =
  | 'go'
  | { readonly holdUntil: Date; readonly heldBy?: string }
  | { readonly suppress: readonly TextReason[] }

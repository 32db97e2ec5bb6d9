import type { AccountId, PhoneNumber } from '@heed/phone'

/** A text that counts against caps: by its id, so that asking again counts it once. */
export interface CappedText {
  readonly id: string
  readonly number: PhoneNumber
  readonly caps: { readonly texts: number; readonly hours: number }[]
}

/** Null: it goes, and is counted. Else when the cap lets the next one go. */
export type CapResult = { readonly holdUntil: string; readonly texts: number; readonly hours: number } | null

/** One result for each text, in order. What counts is shared by all services of an account. */
export type TakeCaps = (a: AccountId, texts: readonly CappedText[]) => Promise<readonly CapResult[]>

/** A recipient of a draft, as it would fare now. */
export interface Forecast {
  readonly segments: number
  /** Why they would get nothing; none where they would. */
  readonly reasons: readonly string[]
  /** The rule that their text would wait for. */
  readonly heldBy: string | null
}

export interface WhatIf {
  readonly recipients: number
  readonly send: number
  readonly held: number
  readonly suppressed: number
  /** Recipients by reason; a recipient with two reasons counts for both. */
  readonly reasons: { readonly reason: string; readonly recipients: number }[]
  /** Of what would be sent, at once or later. */
  readonly segments: number
}

/** `send`, `held` and `suppressed` sum to the recipients. */
export function whatIf(forecasts: readonly Forecast[]): WhatIf {
  const suppressed = forecasts.filter(({ reasons }) => reasons.length > 0)
  const going = forecasts.filter(({ reasons }) => reasons.length === 0)
  const held = going.filter(({ heldBy }) => heldBy !== null)
  const counts = new Map<string, number>()
  const named = [
    ...suppressed.flatMap(({ reasons }) => [...new Set(reasons)]),
    ...held.flatMap(({ heldBy }) => heldBy ?? []),
  ]
  for (const reason of named) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return {
    recipients: forecasts.length,
    send: going.length - held.length,
    held: held.length,
    suppressed: suppressed.length,
    reasons: [...counts].map(([reason, recipients]) => ({ reason, recipients })),
    segments: going.reduce((sum, { segments }) => sum + segments, 0),
  }
}

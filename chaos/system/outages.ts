/** What was done to the system, with the times when it surely was so, ms since 1970. */
export interface Outage {
  readonly what: 'kill' | 'pause' | 'cut' | 'blackhole' | 'delay'
  /** A process, or a connection as `from>to`. */
  readonly target: string
  readonly from: number
  /** Infinity while it lasts. */
  until: number
}

export interface Span {
  readonly from: number
  readonly until: number
}

/** The spans merged where they touch, in order. */
export function union(spans: readonly Span[]): Span[] {
  const merged: { from: number; until: number }[] = []
  for (const { from, until } of [...spans].sort((one, other) => one.from - other.from)) {
    const last = merged.at(-1)
    if (last && from <= last.until) last.until = Math.max(last.until, until)
    else merged.push({ from, until })
  }
  return merged
}

/** What lies in a span of each. */
export function intersection(one: readonly Span[], other: readonly Span[]): Span[] {
  return one.flatMap((a) =>
    other
      .map((b) => ({ from: Math.max(a.from, b.from), until: Math.min(a.until, b.until) }))
      .filter(({ from, until }) => from < until),
  )
}

export const lengthOf = (spans: readonly Span[]): number =>
  union(spans).reduce((sum, { from, until }) => sum + until - from, 0)

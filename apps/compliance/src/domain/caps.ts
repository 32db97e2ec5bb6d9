export interface Cap {
  readonly texts: number
  readonly hours: number
}

/** A text that was let go to a number, and when. */
export interface Taken {
  readonly id: string
  readonly at: Date
}

export type CapVerdict = 'known' | 'goes' | { readonly cap: Cap; readonly holdUntil: Date }

const hourMs = 3_600_000
/** The longest that a cap may look back. */
export const hoursMax = 720

/** What is still of use to any cap. */
export function stillCounts(taken: readonly Taken[], now: Date): Taken[] {
  return taken.filter(({ at }) => at.getTime() > now.getTime() - hoursMax * hourMs)
}

/**
 * Whether one more text may go, in a window that rolls: the cap that lets it go last decides. A text that was let go
 * before is known, and goes again.
 */
export function judgeCaps(
  taken: readonly Taken[],
  text: { id: string; caps: readonly Cap[] },
  now: Date,
): CapVerdict {
  if (taken.some(({ id }) => id === text.id)) return 'known'
  const held = text.caps.flatMap((cap) => {
    const within = taken
      .map(({ at }) => at.getTime())
      .filter((at) => at > now.getTime() - cap.hours * hourMs)
      .sort((one, other) => one - other)
    const last = within[within.length - cap.texts]
    return last === undefined ? [] : [{ cap, holdUntil: new Date(last + cap.hours * hourMs) }]
  })
  return held.sort((one, other) => other.holdUntil.getTime() - one.holdUntil.getTime())[0] ?? 'goes'
}

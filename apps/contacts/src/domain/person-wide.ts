/** How one of a person's numbers stands on the list `own`. */
export interface OwnStanding {
  readonly number: string
  readonly blocked: boolean
  /** The opt-outs that hold the block, the last eight of `held`. */
  readonly sources: readonly string[]
  readonly held: number
  /** Another contact has the number too. */
  readonly shared: boolean
}

export interface Derived {
  readonly number: string
  /** The opt-out that this one follows. */
  readonly from: string
}

const derivedPrefix = 'contact:'
const ownPrefix = (contactId: string) => `${derivedPrefix}${contactId}:`

/** An opt-out that another number's made, and that makes no other in its turn. */
export const isDerived = (source: string): boolean => source.startsWith(derivedPrefix)

export const derivedSource = (contactId: string, mark: string): string => `${ownPrefix(contactId)}${mark}`

/**
 * Which of a person's numbers an opt-out of another of them binds too. A number that several contacts share gives no
 * block and takes none: nobody can tell which of them spoke.
 */
export function toBlock(numbers: readonly OwnStanding[]): Derived[] {
  const own = numbers.filter(({ shared }) => !shared)
  const spoken = own.flatMap(({ number, blocked, sources }) => {
    const from = blocked ? sources.findLast((source) => !isDerived(source)) : undefined
    return from === undefined ? [] : [{ number, from }]
  })
  return own.flatMap(({ number, blocked }) => {
    const first = spoken.find((other) => other.number !== number)
    return blocked || !first ? [] : [{ number, from: first.from }]
  })
}

/**
 * Which numbers a START frees besides: those that are held by nothing but what this contact's other numbers had
 * said, once none of these says it any more.
 */
export function toLift(contactId: string, numbers: readonly OwnStanding[]): string[] {
  const own = numbers.filter(({ shared }) => !shared)
  const stillSaid = own.some(
    ({ blocked, sources }) => blocked && sources.some((source) => !isDerived(source)),
  )
  if (stillSaid) return []
  return own
    .filter(
      ({ blocked, sources, held }) =>
        blocked &&
        sources.length === held &&
        sources.every((source) => source.startsWith(ownPrefix(contactId))),
    )
    .map(({ number }) => number)
}

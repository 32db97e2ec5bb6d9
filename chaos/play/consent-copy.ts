export interface Change {
  readonly rev: number
  readonly number: string
  readonly list: string
  readonly op: string
}

/** What a subscriber holds of one account. */
export interface ConsentCopy {
  epoch: string
  rev: number
  /** `number list` to the rev that blocks. */
  readonly blocked: Map<string, number>
}

export const emptyCopy = (): ConsentCopy => ({ epoch: '', rev: 0, blocked: new Map() })

/** Applies the change that follows the last one; any other changes nothing. */
export function applyChange(copy: ConsentCopy, { rev, number, list, op }: Change): void {
  if (rev !== copy.rev + 1) return
  copy.rev = rev
  if (op === 'block') copy.blocked.set(`${number} ${list}`, rev)
  if (op === 'lift') copy.blocked.delete(`${number} ${list}`)
}

/** Another epoch than the one held begins again from nothing; false where the copy was of this one, or empty. */
export function beginEpoch(copy: ConsentCopy, epoch: string): boolean {
  const isAnother = copy.epoch !== '' && copy.epoch !== epoch
  copy.epoch = epoch
  if (!isAnother) return false
  copy.rev = 0
  copy.blocked.clear()
  return true
}

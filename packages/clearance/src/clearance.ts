import type { AccountId, Epoch, Origin, PhoneNumber } from '@heed/phone'

/** One text at the gate. */
export interface ClearanceText {
  readonly accountId: AccountId
  readonly number: PhoneNumber
  readonly origin: Origin
}

/** A clearance was used for something that the gate did not clear. It is a fault of the program, never of input. */
export class ClearanceMisuseError extends Error {
  override readonly name = 'ClearanceMisuseError'
}

/**
 * Leave to write the first byte of one text to one number, in this tick. Only the gate makes one; carrier
 * adapters require one. It is a class with a private field because nothing else withstands a spread copy:
 * neither an object literal nor `{ ...clearance, number }` is a `Clearance`, for the compiler and at run time.
 */
export class IssuedClearance implements ClearanceText {
  readonly accountId: AccountId
  readonly number: PhoneNumber
  readonly origin: Origin
  /** The authority's state that the verdict was read from. */
  readonly epoch: Epoch
  readonly rev: number
  /** When the gate decided: wall clock, ms since 1970. */
  readonly gatedAt: number
  #open = true

  constructor(text: ClearanceText, basis: { readonly epoch: Epoch; readonly rev: number }, gatedAt: number) {
    this.accountId = text.accountId
    this.number = text.number
    this.origin = text.origin
    this.epoch = basis.epoch
    this.rev = basis.rev
    this.gatedAt = gatedAt
  }

  /** Closes the clearance, and says whether it was open. */
  static close(clearance: IssuedClearance): boolean {
    const wasOpen = clearance.#open
    clearance.#open = false
    return wasOpen
  }

  static isIssued(value: unknown): value is IssuedClearance {
    return typeof value === 'object' && value !== null && #open in value
  }
}

/** The type alone is public: outside this package there is no way to make one. */
export type Clearance = IssuedClearance

/**
 * What a carrier adapter calls just before the first byte: spends the clearance. Throws ClearanceMisuseError
 * where it was not made by a gate, is for another account or number, is spent already, or its `write` is over
 * (an await has come between gate and first byte).
 */
export function redeem(clearance: Clearance, text: Pick<ClearanceText, 'accountId' | 'number'>): void {
  if (!IssuedClearance.isIssued(clearance)) {
    throw new ClearanceMisuseError('this clearance was not made by a gate')
  }
  if (clearance.accountId !== text.accountId || clearance.number !== text.number) {
    throw new ClearanceMisuseError('this clearance is for another account or number')
  }
  if (!IssuedClearance.close(clearance)) {
    throw new ClearanceMisuseError('this clearance is spent, or its write is over')
  }
}

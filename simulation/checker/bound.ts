/** The documented bound, of the checker's own knowledge: the code's constants may be what is wrong. */
export const boundMs = 550

/** Faults over, every sender passes again within two leases; a driver finds its primary within a second. */
export const recoveredWithinMs = 2 * 500 + 1_000

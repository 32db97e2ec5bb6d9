/**
 * The numbers of the consent protocol. They belong together: the bound follows from lease, margin and drift,
 * so none of them is configuration.
 */

/** How long a verdict may be used, counted from the instant before it was asked for. */
export const leaseMs = 500

/** What a sender takes off the lease: from the gate's clock reading to the first byte in the kernel. */
export const marginMs = 25

/** The largest share by which a clock may run slow. chrony slews by up to 8.3 % (chrony.conf, maxslewrate). */
export const driftMax = 0.1

/** By how much wall clock and monotonic clock may move apart while a verdict is held: suspension unseen. */
export const clocksApartMs = 20

/**
 * The bound: no sender hands a text to a carrier later than this after an opt-out was acknowledged.
 * (lease - margin) on a clock that is 10 % slow, and `clocksApartMs`, rounded up.
 */
export const boundMs = 550

/** A hint holds its number for this long after it was last heard; it is repeated every 20 s while it lasts. */
export const hintHoldMs = 60_000
/**
 * The event that ends a hint may be heard before it, because different services publish them: it is remembered so long, and
 * at most so many. A hint that comes later holds its number for its minute.
 */
export const heardForMs = 10_000
export const heardMax = 4_096

/** A first byte written later than this after the gate was passed is marked late and alarmed. */
export const lateAfterMs = 50

/** The longest that one `clearance.check` may take, for the caller. */
export const deadlineMs = 450

/** Bounds of one `clearance.check`: accounts asked about, and numbers in all of them together. */
export const checkAccountsMax = 200
export const checkNumbersMax = 10_000

/** Calls of `clearance.check` that one process has under way at most. */
export const checkCallsMax = 4

/**
 * After a call the next one waits this long for more to ask, unless so many numbers wait already: a sender of a
 * thousand accounts makes 20 calls a second, and a broadcast is not held up.
 */
export const gatherMs = 50
export const gatherNumbers = 64

/** Hints held at once. Beyond it the gate holds every number, because it cannot know which ones to hold. */
export const hintsMax = 100_000

/** An account that was neither asked about nor answered for this long is forgotten, with the revs seen in its answers. */
export const accountRestMs = 60_000

/** Epochs of one account whose revs are remembered; a restore makes a new one. */
export const epochsMax = 4

/** How soon a text that should be there is looked for, and one that is due is looked at again. */
const soonMs = 5_000
const afterDueMs = 2_000
const overdueMaxMs = 600_000

/** After a write that another one must follow: if its writer dies, this is when it is found. */
export function checkSoon(now: Date): Date {
  return new Date(now.getTime() + soonMs)
}

/** While a text waits: just after it is due, then in pauses that grow by half of what it is late. */
export function checkWaiting(dueAt: Date, now: Date): Date {
  const lateMs = now.getTime() - dueAt.getTime()
  if (lateMs < 0) return new Date(dueAt.getTime() + afterDueMs)
  return new Date(now.getTime() + Math.min(overdueMaxMs, Math.max(afterDueMs, lateMs / 2)))
}

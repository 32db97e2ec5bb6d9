import type { CheckInput } from '@heed/clearance'
import type { Logger, RaiseAlarm } from '@heed/service'

type Check = (input: CheckInput, signal: AbortSignal) => Promise<unknown>

const remindAfterMs = 30_000

/** Says once that compliance gives no verdicts, again every 30 s, and when it is over. */
export function watchAuthority(deps: { log: Logger; raise: RaiseAlarm; monoMs: () => number }) {
  let since: number | null = null
  let toldAt = Number.NEGATIVE_INFINITY
  return {
    failed(err: unknown): void {
      const now = deps.monoMs()
      since ??= now
      if (now - toldAt < remindAfterMs) return
      toldAt = now
      deps.log.warn({ err, forMs: Math.round(now - since) }, 'compliance gave no verdicts; texts are held')
    },
    /** The same call, with its answers looked at. */
    watched:
      (check: Check): Check =>
      async (input, signal) => {
        const answers = await check(input, signal)
        if (since !== null) {
          const forMs = Math.round(deps.monoMs() - since)
          deps.log.info({ forMs }, 'compliance gives verdicts again')
          since = null
          toldAt = Number.NEGATIVE_INFINITY
        }
        if (isForbidden(answers)) deps.raise('call-refused', { procedure: 'clearance.check' })
        return answers
      },
  }
}

/** An account that our key may not ask about: its texts would be held for ever. */
function isForbidden(answers: unknown): boolean {
  return Array.isArray(answers) && answers.some((answer) => answer?.error?.reason === 'forbidden')
}

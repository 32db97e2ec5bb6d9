import { setTimeout as sleep } from 'node:timers/promises'
import { http } from '../outside/http.ts'
import { numberPattern } from '../plan/plan.ts'
import type { World } from '../system/world.ts'
import type { Seen } from './played.ts'

export type Ears = ReturnType<typeof listenForNumbers>

const metricsEveryMs = 20_000

/** Hears everything that is said where no phone number may stand (D1). */
export function listenForNumbers(seen: Seen[]) {
  const heard = { lines: 0, errors: 0, subjects: 0, pages: 0 }
  const hear = (kind: keyof typeof heard, text: string, where: string) => {
    heard[kind]++
    if (!numberPattern.test(text)) return
    const shown = text.replaceAll(new RegExp(numberPattern, 'g'), '<number>').slice(0, 300)
    seen.push({ check: 'D1', what: `${kind} of ${where}: ${shown}` })
  }
  return {
    heard,
    hear,
    /** Reads every page of metrics now and then. */
    async readMetrics(world: World, names: readonly string[], signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        for (const name of names) {
          const { status, text } = await http('GET', `${world.url(name)}/metrics`, { timeoutMs: 3_000 })
          if (status === 200) hear('pages', text, name)
        }
        await sleep(metricsEveryMs, undefined, { signal }).catch(() => {})
      }
    },
  }
}

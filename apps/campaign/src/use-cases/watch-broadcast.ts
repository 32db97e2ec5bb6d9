import { pause } from '@heed/service'
import type { OneBroadcastInput } from '../schemas.ts'
import type { readBroadcasts } from './read-broadcasts.ts'

type Shown = Awaited<ReturnType<ReturnType<typeof readBroadcasts>['get']>>

const everyMs = 500

/** Tells how a broadcast stands whenever that has changed, until it has come to its end and nothing of it waits. */
export function watchBroadcast({ get }: Pick<ReturnType<typeof readBroadcasts>, 'get'>) {
  return async function* (input: OneBroadcastInput, signal: AbortSignal): AsyncGenerator<Shown> {
    let told = ''
    while (!signal.aborted) {
      const shown = await get(input)
      const now = JSON.stringify(shown)
      if (now !== told) yield shown
      told = now
      const isOver = shown.state === 'finished' || shown.state === 'cancelled'
      if (isOver && shown.counts.waiting === 0) return
      await pause(everyMs, signal)
    }
  }
}

import type { ClaimedText } from '../store/text-document.ts'
import type { DispatcherDeps } from './dispatcher-deps.ts'
import { type Pacer, startPacer } from './pacer.ts'

/** Paces what all lanes of a sending number hand over, where the number has a limit of its own. */
export function numberGate(
  deps: Pick<
    DispatcherDeps,
    'pacers' | 'numberLimit' | 'clock' | 'serverClock' | 'timers' | 'random' | 'log'
  > & {
    release: (text: ClaimedText, slotAt: number) => void
    giveBack: (texts: readonly ClaimedText[], dueAt: Date) => void
    signal: AbortSignal
  },
): (text: ClaimedText, slotAt: number) => void {
  const { numberLimit } = deps
  if (!numberLimit) return deps.release
  const pacers = new Map<string, { limit: number; pacer: Pacer<ClaimedText> }>()

  const pacerOf = ({ a, from }: ClaimedText, limit: number): Pacer<ClaimedText> => {
    const key = `${a}/${from}`
    const known = pacers.get(key)
    if (known?.limit === limit) return known.pacer
    const pacer = startPacer<ClaimedText>({
      ...deps,
      ratePerSecond: limit,
      reserve: (segments) => deps.pacers.reserve(a, from, segments, limit),
      refuse: (texts) => deps.giveBack(texts, new Date(0)),
      onFailure: (err) => deps.log.warn({ err, account: a }, 'no slots of a number could be reserved'),
    })
    pacers.set(key, { limit, pacer })
    return pacer
  }
  return (text, slotAt) => {
    void numberLimit(text.a, text.from).then(
      (limit) => (limit === null ? deps.release(text, slotAt) : pacerOf(text, limit).add([text])),
      (err) => {
        // Not knowing the limit holds: too fast would fill the carrier's queue.
        deps.log.warn({ err, account: text.a }, 'the limit of a number is not known')
        deps.giveBack([text], new Date(deps.serverClock.now().getTime() + 1_000))
      },
    )
  }
}

/** Durations in ms, sorted. */
export interface Spread {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly count: number
}

export function spread(durations: readonly number[]): Spread {
  const sorted = [...durations].sort((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count: sorted.length }
}

/** Times each of `count` calls, `inFlight` of them at a time. */
export async function timed(options: {
  count: number
  inFlight?: number
  call: (index: number) => Promise<unknown>
}): Promise<{ durations: number[]; elapsedMs: number }> {
  const durations: number[] = []
  let next = 0
  const worker = async () => {
    while (next < options.count) {
      const index = next++
      const startedAt = performance.now()
      await options.call(index)
      durations.push(performance.now() - startedAt)
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: options.inFlight ?? 1 }, worker))
  return { durations, elapsedMs: performance.now() - startedAt }
}

/** Runs each of several measurements in turn, round after round, so that what disturbs one disturbs all. */
export async function inRounds<Name extends string>(
  rounds: number,
  measurements: Record<Name, (round: number) => Promise<number[]>>,
): Promise<Record<Name, Spread>> {
  const all = new Map<Name, number[]>()
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(measurements) as [
      Name,
      (round: number) => Promise<number[]>,
    ][]) {
      all.set(name, [...(all.get(name) ?? []), ...(await measure(round))])
    }
  }
  return Object.fromEntries([...all].map(([name, durations]) => [name, spread(durations)])) as Record<
    Name,
    Spread
  >
}

import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { type DemoSystem, startSystem } from '../scripts/demo/system.ts'
import { startCarrier } from './processes/start-process.ts'

/** As an operator sets it for a carrier that takes thousands a second; 100 by default. */
const inFlightMax = '256'

export interface BenchSystem extends DemoSystem {
  readonly carrierUrl: string
}

/**
 * The system of the demo, with campaign on a carrier that does nothing but answer: the simulated one would be what
 * is measured. With `profile` each service leaves a CPU profile there when it ends.
 */
export async function startBenchSystem(options: {
  databaseId: string
  profile: string | undefined
  say: (line: string) => void
}): Promise<BenchSystem> {
  await using opening = new AsyncDisposableStack()
  const carrier = opening.use(await startCarrier())
  const lastLines: string[] = []
  const nodeOptions = options.profile === undefined ? undefined : profiling(options.profile)
  const system = opening.use(
    await startSystem({
      ...options,
      keep: false,
      onOutput: (line, name) => {
        lastLines.push(`${name}: ${line}`)
        if (lastLines.length > 20) lastLines.shift()
      },
      extra: { campaign: { TWILIO_BASE_URL: carrier.url, IN_FLIGHT_MAX: inFlightMax } },
      ...(nodeOptions === undefined ? {} : { nodeOptions }),
    }).catch((error: unknown) => {
      for (const line of lastLines) console.error(line)
      throw error
    }),
  )
  const open = opening.move()
  return {
    ...system,
    processes: [...system.processes, { name: 'carrier', url: carrier.url, pid: carrier.pid }],
    carrierUrl: carrier.url,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

function profiling(folder: string): string {
  mkdirSync(folder, { recursive: true })
  return `--cpu-prof --cpu-prof-dir=${resolve(folder)}`
}

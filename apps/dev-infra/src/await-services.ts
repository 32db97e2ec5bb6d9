import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, type DevRun, type ProcessRecord, readProcessRecords } from '@heed/local-stack'

export interface ServingProcess {
  name: string
  url: string
  pid: number
}

const remindEveryMs = 15_000

/**
 * Resolves when each service is a recorded process that answers `/readyz`, or with null when stopped. Says
 * every 15 s which are awaited.
 */
export async function awaitServices(options: {
  run: DevRun
  services: readonly { name: string; url: string }[]
  say: (line: string) => void
  stopping: AbortSignal
}): Promise<ServingProcess[] | null> {
  const { run, services, say, stopping } = options
  let remindAt = performance.now() + remindEveryMs
  while (!stopping.aborted) {
    const records = readProcessRecords(run.folder)
    const found = await Promise.all(services.map((service) => serving(service, records)))
    const awaited = services.filter((_, index) => found[index] === null).map(({ name }) => name)
    if (awaited.length === 0) return found.filter((service) => service !== null)
    if (performance.now() > remindAt) {
      say(`waiting for ${awaited.join(', ')}`)
      remindAt += remindEveryMs
    }
    await sleep(100, undefined, { signal: stopping }).catch(() => {})
  }
  return null
}

async function serving(
  { name, url }: { name: string; url: string },
  records: readonly ProcessRecord[],
): Promise<ServingProcess | null> {
  const record = records.find((candidate) => candidate.name === name)
  if (!record) return null
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
  await response?.body?.cancel()
  if (response?.status !== 200) return null
  // `node --watch` is the recorded process and starts the one that listens.
  const [watched] = childrenOf(record.pid)
  return { name, url, pid: watched ?? record.pid }
}

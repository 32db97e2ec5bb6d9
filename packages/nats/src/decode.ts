import type { EventContract, EventOf } from '@heed/events'

/** The event in a message, or null where it is no JSON or breaks its contract. */
export function decodeEvent<Contract extends EventContract>(
  contract: Contract,
  data: Uint8Array,
): EventOf<Contract> | null {
  const result = contract.schema.safeParse(parseJson(data))
  return result.success ? (result.data as EventOf<Contract>) : null
}

/** A job of a work queue: which row's worker is to wake. */
export function decodeJob(data: Uint8Array): { key: string } | null {
  const job = parseJson(data)
  return typeof job === 'object' && job !== null && 'key' in job && typeof job.key === 'string'
    ? { key: job.key }
    : null
}

const toBytes = new TextEncoder()
const toText = new TextDecoder('utf-8', { fatal: true })

export function encode(value: unknown): Uint8Array {
  return toBytes.encode(JSON.stringify(value))
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(toText.decode(data))
  } catch {
    return undefined
  }
}

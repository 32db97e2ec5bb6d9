import { consentChanged, contactsChanged, deliveryReported } from '@heed/events'
import type { RaiseAlarm } from '@heed/service'
import {
  DiscardPolicy,
  type JetStreamManager,
  NatsError,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from 'nats'
import { StreamConflictError } from './errors.ts'

export interface StreamSpec {
  name: string
  subjects: readonly string[]
  /** `limits` keeps what was read, `workqueue` removes what was acknowledged. */
  retention: 'limits' | 'workqueue'
  storage: 'file'
  /** Older messages are dropped. */
  maxAgeMs: number
  /** The oldest messages are dropped beyond this, so that a publisher is never refused. */
  maxBytes: number
  /** A second message with the same id is dropped within this time. */
  duplicateWindowMs: number
  /** Copies in a cluster; left as they are where not given. */
  replicas?: number
}

const day = 24 * 60 * 60 * 1_000
const mebibyte = 1024 * 1024

/** Keeps every message of a contract for a week. */
const aWeekOf = (name: string, contract: { subject(account: '*'): string }): StreamSpec => ({
  name,
  subjects: [contract.subject('*')],
  retention: 'limits',
  storage: 'file',
  maxAgeMs: 7 * day,
  maxBytes: 256 * mebibyte,
  duplicateWindowMs: 120_000,
})

/** Older changes are asked from compliance (`consent.changes`). */
export const consentStream = aWeekOf('CONSENT', consentChanged)

/** What became of people; older changes are asked from contacts (`contacts.changes`). */
export const contactsStream = aWeekOf('CONTACTS', contactsChanged)

/** Receipts. */
export const deliveryStream = aWeekOf('DELIVERY', deliveryReported)

export const eventStreams: readonly StreamSpec[] = [consentStream, contactsStream, deliveryStream]

/** The stream that a contract names, or undefined for events that none keeps. */
export function streamOf(contract: { stream: string | null }): StreamSpec | undefined {
  return eventStreams.find(({ name }) => name === contract.stream)
}

const nameInUse = 10_058

/**
 * Creates the stream or brings it up to its definition; any number of instances may do so at once. Where this user
 * may not change it, it is used as it stands and an alarm says so; another retention or storage is not used.
 */
export async function ensureStream(
  manager: JetStreamManager,
  spec: StreamSpec,
  raise: RaiseAlarm,
): Promise<void> {
  const wanted = configOf(spec)
  const standing = await manager.streams.info(spec.name).catch((error: unknown) => {
    if (isNotFound(error)) return null
    throw error
  })
  if (standing === null) {
    try {
      await manager.streams.add(wanted)
      return
    } catch (error) {
      if (apiCode(error) !== nameInUse) throw error
      return ensureStream(manager, spec, raise)
    }
  }
  const { config } = standing
  const settings = different(config, wanted)
  if (config.retention !== wanted.retention || config.storage !== wanted.storage) {
    raise('stream-differs', { stream: spec.name, settings })
    throw new StreamConflictError(`stream ${spec.name} stands with another retention or storage`)
  }
  if (settings.length === 0) return
  await manager.streams.update(spec.name, { ...config, ...wanted }).catch((error: unknown) => {
    raise('stream-differs', { stream: spec.name, settings, err: error })
  })
}

function configOf(spec: StreamSpec) {
  return {
    name: spec.name,
    subjects: [...spec.subjects],
    retention: spec.retention === 'workqueue' ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: nanos(spec.maxAgeMs),
    max_bytes: spec.maxBytes,
    duplicate_window: nanos(spec.duplicateWindowMs),
    ...(spec.replicas === undefined ? {} : { num_replicas: spec.replicas }),
  } satisfies Partial<StreamConfig>
}

function different(standing: StreamConfig, wanted: ReturnType<typeof configOf>): string[] {
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(standing[key as keyof StreamConfig]) !== JSON.stringify(value))
    .map(([key]) => key)
}

export function isNotFound(error: unknown): boolean {
  return error instanceof NatsError && error.api_error?.code === 404
}

/** The server's own number for what it refused, where the error carries one. */
export function apiCode(error: unknown): number | undefined {
  return error instanceof NatsError ? error.api_error?.err_code : undefined
}

import { z } from 'zod'

const share = z.number().min(0).max(1).default(1)
const forMs = z.int().min(1).max(86_400_000).optional()
const api = z.enum(['create', 'read']).default('create')
const webhook = z.enum(['inbound', 'status'])
const errorCode = z.int().min(1).max(99_999)
/** Concerns the texts to these numbers alone. */
const numbers = z.array(z.e164()).min(1).max(10_000).optional()

/** One way to fail, for a share of what it concerns and, with `forMs`, for a time. */
export const Fault = z.discriminatedUnion('kind', [
  /** Late by `ms`: the answer of the API, the text being taken in at once, or the webhook. */
  z.strictObject({
    kind: z.literal('delay'),
    ms: z.int().min(0).max(600_000),
    on: z.enum(['create', 'read', 'inbound', 'status']).default('create'),
    numbers,
    share,
    forMs,
  }),
  /** An error of the server, before the text was accepted or after. */
  z.strictObject({
    kind: z.literal('error'),
    status: z.int().min(400).max(599).default(500),
    code: errorCode.optional(),
    accepted: z.boolean().default(false),
    on: api,
    numbers,
    share,
    forMs,
  }),
  /** No answer, the connection stays open; the text was accepted or not. */
  z.strictObject({
    kind: z.literal('hang'),
    accepted: z.boolean().default(false),
    on: api,
    numbers,
    share,
    forMs,
  }),
  /** The person has opted out, says the carrier. */
  z.strictObject({ kind: z.literal('21610'), numbers, share, forMs }),
  z.strictObject({
    kind: z.literal('429'),
    retryAfterSeconds: z.int().min(0).max(3_600).optional(),
    on: api,
    numbers,
    share,
    forMs,
  }),
  /** Accepted, but the phone never gets it; the status callback says so. */
  z.strictObject({
    kind: z.literal('undelivered'),
    errorCode: errorCode.default(30_003),
    numbers,
    share,
    forMs,
  }),
  z.strictObject({ kind: z.literal('failed'), errorCode: errorCode.default(30_008), numbers, share, forMs }),
  /** The webhook is never sent. */
  z.strictObject({ kind: z.literal('drop'), on: webhook.default('inbound'), share, forMs }),
])
export type Fault = z.infer<typeof Fault>

const FaultList = z.array(Fault).max(100)

/** The whole set of faults, as a list or as `{faults}`. */
export const FaultSet = z.preprocess(
  (given) => (Array.isArray(given) ? { faults: given } : given),
  z.strictObject({ faults: FaultList }).transform(({ faults }) => faults),
)

export type Struck = Exclude<Fault, { kind: 'delay' }>

export interface Strike {
  readonly delayMs: number
  /** The first fault that hit, apart from delays, which add up. */
  readonly fault: Struck | null
}

export type FaultTarget = 'create' | 'read' | 'inbound' | 'status'

/** Which faults hit one request or webhook; each is decided by a `random` of its own. */
export function strike(
  faults: readonly Fault[],
  hit: { readonly on: FaultTarget; readonly to?: string },
  random: () => number,
): Strike {
  let delayMs = 0
  let struck: Struck | null = null
  for (const fault of faults) {
    if (!concerns(fault, hit) || random() >= fault.share) continue
    if (fault.kind === 'delay') delayMs += fault.ms
    else struck ??= fault
  }
  return { delayMs, fault: struck }
}

function concerns(fault: Fault, { on, to }: { readonly on: FaultTarget; readonly to?: string }): boolean {
  if (('on' in fault ? fault.on : 'create') !== on) return false
  return !('numbers' in fault) || fault.numbers === undefined || fault.numbers.some((number) => number === to)
}

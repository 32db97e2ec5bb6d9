import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

/** What of a span may be told: never a number, never a text. */
type Attributes = Readonly<Record<string, string | number | boolean>>

export interface TraceOptions {
  readonly kind: 'server' | 'client' | 'producer' | 'consumer'
  readonly attributes?: Attributes
  /** Where the work comes from another process: reads what that one sent beside its request or message. */
  readonly from?: (header: string) => string | undefined
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

let isOn = false

/** Called once a collector is configured; until then every function here does its work and nothing else. */
export function switchTracingOn(): void {
  isOn = true
}

/**
 * Does the work inside a span, which is null while no collector is configured. A failure is marked by its kind
 * alone: a message may hold what a span must not.
 */
export function traced<T>(name: string, options: TraceOptions, work: (span: Span | null) => T): T {
  if (!isOn) return work(null)
  const parent = options.from ? propagation.extract(ROOT_CONTEXT, options.from, readHeader) : context.active()
  const { kind, attributes = {} } = options
  const span = trace.getTracer('heed').startSpan(name, { kind: kinds[kind], attributes }, parent)
  return context.with(trace.setSpan(parent, span), () => ended(span, work))
}

function ended<T>(span: Span, work: (span: Span) => T): T {
  const failed = (error: unknown): never => {
    span.setStatus({ code: SpanStatusCode.ERROR })
    span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
    span.end()
    throw error
  }
  let result: T
  try {
    result = work(span)
  } catch (error) {
    return failed(error)
  }
  if (!(result instanceof Promise)) {
    span.end()
    return result
  }
  return result.then((value) => {
    span.end()
    return value
  }, failed) as T
}

const readHeader = {
  get: (read: (header: string) => string | undefined, header: string) => read(header),
  keys: () => ['traceparent', 'tracestate'],
}

/** The headers that carry the present span to another process; none while there is no collector. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  if (isOn) propagation.inject(context.active(), headers)
  return headers
}

/** Runs something in the trace of whoever asked for it, when others do the work for many. */
export type InTrace = <T>(run: () => T) => T

const direct: InTrace = (run) => run()

/** Keeps the present span for work that is done later in somebody else's turn. */
export function keepTrace(): InTrace {
  if (!isOn) return direct
  const kept = context.active()
  return (run) => context.with(kept, run)
}

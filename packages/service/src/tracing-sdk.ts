import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import { switchTracingOn } from './tracing.ts'

const exportEveryMs = 1_000
const exportWithinMs = 2_000
const flushWithinMs = 1_000

/** Loaded only where a collector is configured. */
export function openTracing(options: {
  service: string
  endpoint: string
  headers: Record<string, string>
  share: number
}): AsyncDisposable {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: options.headers,
    timeoutMillis: exportWithinMs,
  })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.service, 'service.instance.id': process.pid }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.share) }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: exportEveryMs })],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(provider)
  switchTracingOn()
  return {
    /** Sends what is there; a collector that does not answer is not waited for longer than a second. */
    async [Symbol.asyncDispose]() {
      const enough = Promise.withResolvers<void>()
      const timer = setTimeout(enough.resolve, flushWithinMs)
      await Promise.race([provider.shutdown().catch(() => {}), enough.promise])
      clearTimeout(timer)
    },
  }
}

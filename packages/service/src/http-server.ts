import type { AddressInfo } from 'node:net'
import { type FastifyError, type FastifyInstance, fastify } from 'fastify'
import type { Registry } from 'prom-client'
import type { Logger } from './logger.ts'

export type HttpApp = FastifyInstance

/** Something the service cannot work without; rejects with the reason while it is away. */
export type ReadinessCheck = () => Promise<void>

export interface HttpServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
}

export interface HttpServerOptions {
  host: string
  port: number
  log: Logger
  metrics: Registry
  readiness: Record<string, ReadinessCheck>
  bodyBytesMax: number
  routes: (app: HttpApp) => void | Promise<void>
}

const endWithinMs = 2_000

/**
 * Serves `routes` beside `/healthz` (the process lives), `/readyz` (200 when each readiness check passes
 * within a second, else 503 naming those that do not) and `/metrics`. Disposal stops accepting, closes idle
 * connections and lets requests in flight end within 2 s; their callers do not know what became of later ones.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const app = fastify({
    bodyLimit: options.bodyBytesMax,
    forceCloseConnections: 'idle',
    keepAliveTimeout: 65_000,
    requestTimeout: 10_000,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
  })
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) options.log.error({ err: error }, 'request failed')
    return reply
      .status(status)
      .send({ error: { message: publicMessage(status), data: { reason: publicReason(status) } } })
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.status(404).send({ error: { message: publicMessage(404), data: { reason: publicReason(404) } } }),
  )
  app.get('/healthz', async () => ({ status: 'alive' }))
  app.get('/readyz', async (_request, reply) => {
    const away = await failing(options.readiness)
    return reply
      .status(away.length === 0 ? 200 : 503)
      .send({ status: away.length === 0 ? 'ready' : 'waiting', away })
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(options.metrics.contentType).send(await options.metrics.metrics()),
  )
  await options.routes(app)
  await app.listen({ host: options.host, port: options.port })
  const { port } = app.server.address() as AddressInfo
  return {
    port,
    url: `http://${options.host === '0.0.0.0' ? '127.0.0.1' : options.host}:${port}`,
    async [Symbol.asyncDispose]() {
      const cut = setTimeout(() => app.server.closeAllConnections(), endWithinMs)
      await app.close()
      clearTimeout(cut)
    },
  }
}

async function failing(checks: Record<string, ReadinessCheck>): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(new Error('no answer')), 1_000)
      try {
        await Promise.race([check(), late.promise])
        return null
      } catch {
        return name
      } finally {
        clearTimeout(timer)
      }
    }),
  )
  return results.filter((name) => name !== null)
}

const reasons: Record<number, [reason: string, message: string]> = {
  400: ['bad-request', 'The request cannot be read.'],
  404: ['not-found', 'There is nothing here.'],
  413: ['body-too-large', 'The body is larger than allowed.'],
  415: ['unsupported-media-type', 'This content type is not accepted here.'],
}
const publicReason = (status: number) => reasons[status]?.[0] ?? (status >= 500 ? 'internal' : 'bad-request')
const publicMessage = (status: number) =>
  reasons[status]?.[1] ?? (status >= 500 ? 'Something failed here.' : 'The request was refused.')

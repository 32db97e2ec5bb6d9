import { Histogram, type HttpApp, type Logger, type Registry } from '@heed/service'
import type { AnyRouter } from '@trpc/server'
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify'
import type { TokenVerifier } from './tokens.ts'
import { type RpcContext, reasonOf } from './trpc.ts'

/**
 * Serves a router at `POST /trpc/<procedure>`, the input as plain JSON body, queries and mutations alike;
 * nothing else: no GET (a number would stand in a URL) and no batches (a batch is an input).
 */
export function serveRouter(options: {
  router: AnyRouter
  verify: TokenVerifier
  isOutage: RpcContext['isOutage']
  log: Logger
  metrics: Registry
}): (app: HttpApp) => void {
  const seconds = new Histogram({
    name: 'heed_rpc_seconds',
    help: 'Time from request to answer, by procedure and outcome.',
    labelNames: ['procedure', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [options.metrics],
  })
  return (app) =>
    void app.register((scope, _options, done) => {
      scope.removeContentTypeParser('application/json')
      scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
        done(null, body),
      )
      scope.post<{ Params: { path: string } }>('/trpc/:path', async (req, res) => {
        const startedAt = performance.now()
        let outcome = 'ok'
        await fastifyRequestHandler({
          router: options.router,
          req,
          res,
          path: req.params.path,
          allowBatching: false,
          allowMethodOverride: true,
          createContext: (): RpcContext => ({
            token: bearer(req.headers.authorization),
            verify: options.verify,
            isOutage: options.isOutage,
          }),
          onError: ({ error, path }) => {
            outcome = reasonOf(error)
            if (outcome === 'internal') options.log.error({ err: error, procedure: path }, 'procedure failed')
            if (outcome === 'unavailable')
              options.log.warn({ err: error, procedure: path }, 'not known right now')
          },
        })
        const known = outcome === 'unknown-procedure' ? '' : req.params.path
        seconds.observe({ procedure: known, outcome }, (performance.now() - startedAt) / 1000)
      })
      done()
    })
}

function bearer(header: string | undefined): string | null {
  return header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : null
}

import { Client } from 'undici'
import { type Connection, type ConnectorOptions, connector } from './connector.ts'

export interface ExchangeRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface ExchangeHooks {
  /**
   * Called when the connection is up, in the tick that writes the first byte. What it throws stops the
   * request before anything is written, and the connection stays.
   */
  readonly atGate: () => void
  /** The bytes were given to the kernel, or to the TLS layer above it. */
  readonly onWritten: () => void
}

export type ExchangeResult =
  /** `cause` is what `atGate` threw, or why no connection came up. */
  | { readonly outcome: 'not-written'; readonly cause: unknown }
  | {
      readonly outcome: 'answered'
      readonly status: number
      readonly header: (name: string) => string | undefined
      readonly body: string
    }
  | { readonly outcome: 'broken'; readonly cause: unknown }
  /** The answer did not come in time, and the connection was reset. */
  | { readonly outcome: 'no-answer' }

/** One connection to a carrier, for one request at a time. */
export interface Exchange extends AsyncDisposable {
  post(request: ExchangeRequest, hooks: ExchangeHooks): Promise<ExchangeResult>
}

export interface ExchangeOptions extends ConnectorOptions {
  readonly origin: string
  /** Counted from the gate; then the connection is reset. */
  readonly answerWithinMs: number
  /** An idle connection is closed after this. A server that closes first may break a request under way. */
  readonly idleMs?: number
}

const answerBytesMax = 64 * 1024

export function openExchange(options: ExchangeOptions): Exchange {
  let connection: Connection | null = null
  let onWritten: (() => void) | null = null
  const client = new Client(options.origin, {
    allowH2: false,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: options.idleMs ?? 3_000,
    maxResponseSize: answerBytesMax,
    connect: connector(options, (made) => {
      connection = made
      tellWritten(made, () => {
        onWritten?.()
        onWritten = null
      })
    }),
  })

  const post = (request: ExchangeRequest, hooks: ExchangeHooks): Promise<ExchangeResult> => {
    const answer = Promise.withResolvers<ExchangeResult>()
    let isGated = false
    let isLate = false
    let deadline: NodeJS.Timeout | undefined
    let status = 0
    let header: (name: string) => string | undefined = () => undefined
    const chunks: Buffer[] = []
    const end = (result: ExchangeResult) => {
      clearTimeout(deadline)
      onWritten = null
      answer.resolve(result)
    }
    const reset = () => {
      isLate = true
      connection?.raw.resetAndDestroy()
    }
    client.dispatch(
      { ...request, method: 'POST' },
      {
        onRequestStart() {
          // undici starts a request again where its connection went away: that would be a second hand-over.
          if (isGated) throw new Error('the request was started twice')
          onWritten = hooks.onWritten
          hooks.atGate()
          isGated = true
          deadline = setTimeout(reset, options.answerWithinMs)
        },
        onResponseStart(_controller, code, headers) {
          status = code
          header = (name) => [headers[name]].flat()[0]
        },
        onResponseData: (_controller, chunk) => void chunks.push(chunk),
        onResponseEnd: () =>
          end({ outcome: 'answered', status, header, body: Buffer.concat(chunks).toString() }),
        onResponseError: (_controller, cause) => {
          if (!isGated) end({ outcome: 'not-written', cause })
          else end(isLate ? { outcome: 'no-answer' } : { outcome: 'broken', cause })
        },
      },
    )
    return answer.promise
  }
  return {
    post,
    async [Symbol.asyncDispose]() {
      // A plain destroy would leave unsent bytes to the kernel.
      connection?.raw.resetAndDestroy()
      await client.destroy()
    },
  }
}

/** A request is written corked, header and body at once; uncorking gives both to the kernel in the same tick. */
function tellWritten({ socket }: Connection, tell: () => void): void {
  const uncork = socket.uncork.bind(socket)
  socket.uncork = () => {
    uncork()
    tell()
  }
}

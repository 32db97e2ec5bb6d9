import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ReceivedRequest {
  method: string
  path: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
  receivedAt: number
}

/** What one request is answered with; `hang` answers nothing, `reset` cuts the connection. */
export type ScriptedAnswer =
  | { status: number; body?: string; headers?: Record<string, string>; delayMs?: number }
  | 'hang'
  | 'reset'

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
  /** Answers of the next requests, in order; later ones get the usual one. */
  next(...answers: ScriptedAnswer[]): void
  usually(answer: ScriptedAnswer | ((request: ReceivedRequest) => ScriptedAnswer)): void
}

/** Stands in for a server that is not ours: answers as told and remembers what it was asked. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = []
  const queue: ScriptedAnswer[] = []
  let usual: (request: ReceivedRequest) => ScriptedAnswer = () => ({ status: 200, body: '{}' })
  const server = createServer((incoming, response) => {
    void (async () => {
      const request = await receive(incoming)
      requests.push(request)
      await answer(response, queue.shift() ?? usual(request))
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    next: (...answers) => void queue.push(...answers),
    usually(answerOf) {
      usual = typeof answerOf === 'function' ? answerOf : () => answerOf
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const receivedAt = Date.now()
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    receivedAt,
  }
}

async function answer(response: ServerResponse, scripted: ScriptedAnswer): Promise<void> {
  if (scripted === 'hang') return
  if (scripted === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (scripted.delayMs) await sleep(scripted.delayMs)
  response.writeHead(scripted.status, { 'content-type': 'application/json', ...scripted.headers })
  response.end(scripted.body ?? '')
}

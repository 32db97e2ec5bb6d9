import { TRPCClientError } from '@trpc/client'
import { type Agent, request } from 'undici'

export interface Observer {
  readonly onStarted?: () => void
  readonly onData?: (item: unknown) => void
  readonly onError?: (error: unknown) => void
  readonly onComplete?: () => void
}

/** Follows a subscription. It is told of each item, and then of its end or of one error; nothing after `unsubscribe`. */
export function followEvents(
  agent: Agent,
  open: () => Promise<{ url: string; headers: Record<string, string>; body: string }>,
  observer: Observer,
): { unsubscribe(): void } {
  const leaving = new AbortController()
  const follow = async () => {
    const { url, headers, body } = await open()
    const answer = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      bodyTimeout: 60_000,
      signal: leaving.signal,
    })
    if (answer.statusCode !== 200) throw TRPCClientError.from(JSON.parse(await answer.body.text()))
    observer.onStarted?.()
    for await (const { event, data } of eventsOf(answer.body)) {
      if (event === 'end') return
      if (event === 'error') throw TRPCClientError.from(JSON.parse(data))
      observer.onData?.(JSON.parse(data))
    }
    throw new Error('the stream broke off')
  }
  follow().then(
    () => leaving.signal.aborted || observer.onComplete?.(),
    (error: unknown) => leaving.signal.aborted || observer.onError?.(TRPCClientError.from(error as Error)),
  )
  return { unsubscribe: () => leaving.abort() }
}

/** As much of server-sent events as our servers write: an event's name, and one line of data. */
async function* eventsOf(body: AsyncIterable<Buffer>): AsyncGenerator<{ event: string; data: string }> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split('\n')
      const value = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      const data = value('data')
      if (data !== undefined) yield { event: value('event') ?? 'message', data }
    }
  }
}

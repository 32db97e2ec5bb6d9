import { request } from 'node:http'

export interface HttpAnswer {
  /** 0 where no answer came: nobody knows then what was done. */
  readonly status: number
  readonly text: string
  /** When the last byte of the answer was there, ms since 1970. */
  readonly at: number
}

/** One HTTP request as any program could make it. Never throws. */
export function http(
  method: string,
  url: string,
  given: { headers?: Record<string, string>; body?: string | Buffer; timeoutMs?: number } = {},
): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const end = (status: number, text: string) => resolve({ status, text, at: Date.now() })
    const length = given.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(given.body)) }
    const outgoing = request(url, { method, headers: { ...length, ...given.headers } }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', () => end(0, ''))
      incoming.on('end', () => end(incoming.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')))
    })
    outgoing.setTimeout(given.timeoutMs ?? 20_000, () => outgoing.destroy())
    outgoing.on('error', () => end(0, ''))
    outgoing.end(given.body)
  })
}

export type Json = Record<string, unknown>

export interface CallAnswer<Data> extends HttpAnswer {
  readonly data: Data | null
  /** The typed reason of a refusal. */
  readonly reason: string | null
}

/** Calls a procedure as the design fixes it: `POST /trpc/<procedure>`, plain JSON, a bearer token. */
export async function call<Data = Json>(
  url: string,
  procedure: string,
  input: unknown,
  token: string | null,
  timeoutMs = 10_000,
): Promise<CallAnswer<Data>> {
  const answer = await http('POST', `${url}/trpc/${procedure}`, {
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof input === 'string' ? input : JSON.stringify(input),
    timeoutMs,
  })
  const parsed = parse(answer.text)
  return {
    ...answer,
    data: answer.status >= 200 && answer.status < 300 ? (parsed?.result?.data ?? null) : null,
    reason: parsed?.error?.data?.reason ?? null,
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what an outsider gets is only known by looking at it
function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

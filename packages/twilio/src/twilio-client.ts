import { type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { basicAuthorization, messagesPath } from './create-message.ts'
import { twilioErrorCodes } from './error-codes.ts'
import { MessagePage, MessageResource, type TwilioMessage } from './message-resource.ts'
import { TwilioError } from './twilio-error.ts'

export interface TwilioClientOptions {
  /** `https://api.twilio.com` or where a carrier compatible with it listens. */
  readonly baseUrl: string
  readonly accountSid: string
  readonly authToken: string
  /** For one request, the reading of its answer included. 5 s by default. */
  readonly timeoutMs?: number
  readonly dispatcher?: Dispatcher
}

export interface ListMessages {
  readonly to?: string
  readonly from?: string
  /** Sent at or after, to the second. */
  readonly dateSentAfter?: Date
  /** Sent at or before, to the second. */
  readonly dateSentBefore?: Date
  /** 1 to 1,000, 100 by default. */
  readonly pageSize?: number
  readonly signal?: AbortSignal
}

const answerBytesMax = 8 * 1024 * 1024
const pagesMax = 10_000
const ErrorBody = z.looseObject({ code: z.int() })

/**
 * Reads messages from Twilio's REST API. A message that does not exist is null; whatever else is no answer is
 * a TwilioError, which never holds a phone number.
 */
export function twilioClient(options: TwilioClientOptions) {
  const get = getJson(options)
  const listPath = messagesPath(options.accountSid)
  return {
    async fetchMessage(sid: string): Promise<TwilioMessage | null> {
      const path = listPath.replace(/\.json$/, `/${encodeURIComponent(sid)}.json`)
      return await get(path, MessageResource).catch((error: unknown) => {
        // A 404 without Twilio's code is a wrong base URL or a proxy, and says nothing about the message.
        if (error instanceof TwilioError && error.code === twilioErrorCodes.notFound) return null
        throw error
      })
    },

    /** Newest first, page by page as it is consumed. */
    async *listMessages(list: ListMessages = {}): AsyncGenerator<TwilioMessage, void, void> {
      let path: string | null = `${listPath}?${listQuery(list)}`
      for (let page = 0; path !== null; page++) {
        if (page >= pagesMax) throw new TwilioError('unreadable', { status: 200 })
        const answer: z.infer<typeof MessagePage> = await get(path, MessagePage, list.signal)
        yield* answer.messages
        path = answer.next_page_uri
      }
    },
  }
}
export type TwilioClient = ReturnType<typeof twilioClient>

function listQuery(list: ListMessages): URLSearchParams {
  const query = new URLSearchParams({ PageSize: String(list.pageSize ?? 100) })
  if (list.to !== undefined) query.set('To', list.to)
  if (list.from !== undefined) query.set('From', list.from)
  if (list.dateSentAfter) query.set('DateSent>', wholeSeconds(list.dateSentAfter))
  if (list.dateSentBefore) query.set('DateSent<', wholeSeconds(list.dateSentBefore))
  return query
}

function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}

function getJson({ baseUrl, accountSid, authToken, timeoutMs = 5_000, dispatcher }: TwilioClientOptions) {
  const base = baseUrl.replace(/\/+$/, '')
  const headers = { authorization: basicAuthorization(accountSid, authToken), accept: 'application/json' }

  return async <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    stopping?: AbortSignal,
  ): Promise<z.infer<Schema>> => {
    // A page names the next one by its path; anything else could send our credentials elsewhere.
    if (!/^\/(?!\/)/.test(path)) throw new TwilioError('unreadable', { status: 200 })
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = stopping ? AbortSignal.any([timeout, stopping]) : timeout
    const { status, text } = await read(base + path, {
      headers,
      signal,
      ...(dispatcher ? { dispatcher } : {}),
    })
    const json = parseJson(text)
    if (status !== 200) {
      throw new TwilioError('refused', { status, code: ErrorBody.safeParse(json).data?.code ?? null })
    }
    const parsed = schema.safeParse(json)
    if (!parsed.success) throw new TwilioError('unreadable', { status })
    return parsed.data
  }
}

async function read(
  url: string,
  options: Parameters<typeof request>[1],
): Promise<{ status: number; text: string }> {
  try {
    const { statusCode, body } = await request(url, options)
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > answerBytesMax) throw new TwilioError('unreadable', { status: statusCode })
      chunks.push(chunk)
    }
    return { status: statusCode, text: Buffer.concat(chunks).toString('utf8') }
  } catch (error) {
    if (error instanceof TwilioError) throw error
    throw new TwilioError('unreachable', { cause: error })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

import type { ServerResponse } from 'node:http'
import { twilioErrorCodes as codes } from '@heed/twilio'
import { type ApiError, apiErrorJson } from '../domain/api-error.ts'
import type { Strike, Struck } from '../domain/faults.ts'
import { sleep } from '../webhooks/sleep.ts'
import type { HttpReply } from './http-reply.ts'

/** Answers that come late, wrong or never. Disposal ends the waiting and drops the connections that hang. */
export function faultyAnswers() {
  const stopping = new AbortController()
  const hanging = new Set<ServerResponse>()

  const wait = (delayMs: number) => sleep(delayMs, stopping.signal)
  const hang = (reply: HttpReply) => {
    reply.hijack()
    if (stopping.signal.aborted) reply.raw.destroy()
    hanging.add(reply.raw)
    reply.raw.once('close', () => hanging.delete(reply.raw))
    return reply
  }
  return {
    wait,
    hang,
    /** True where the fault has answered, or taken the request over. */
    async fails({ delayMs, fault }: Strike, reply: HttpReply): Promise<boolean> {
      await wait(delayMs)
      if (fault?.kind === 'hang') {
        hang(reply)
        return true
      }
      const refusal = refusalOf(fault, reply)
      if (refusal !== null) reply.status(refusal.status).send(apiErrorJson(refusal))
      return refusal !== null
    },
    [Symbol.dispose]() {
      stopping.abort()
      for (const response of hanging) response.destroy()
    },
  }
}
export type FaultyAnswers = ReturnType<typeof faultyAnswers>

/** The error that a fault answers with, or null where it answers with none. */
export function refusalOf(fault: Struck | null, reply: HttpReply): ApiError | null {
  switch (fault?.kind) {
    case 'error':
      return { status: fault.status, code: fault.code ?? codes.internal, message: 'Internal Server Error' }
    case '21610':
      return { status: 400, code: codes.optedOut, message: 'Attempt to send to unsubscribed recipient' }
    case '429':
      if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', fault.retryAfterSeconds)
      return { status: 429, code: codes.tooManyRequests, message: 'Too Many Requests' }
    default:
      return null
  }
}

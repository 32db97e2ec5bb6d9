import type { ServerResponse } from 'node:http'

/** What the routes need of an answer under way. */
export interface HttpReply {
  readonly raw: ServerResponse
  status(code: number): HttpReply
  header(name: string, value: string | number): HttpReply
  send(payload: unknown): HttpReply
  /** Leaves the answer to whoever holds `raw`. */
  hijack(): HttpReply
}

import type { z } from 'zod'

/** One kind of event: its subject, its schema and its message id, named once. */
export interface EventContract<Schema extends z.ZodType = z.ZodType> {
  readonly name: string
  /** One sentence: who publishes it, and when. */
  readonly description: string
  /** Literal up to the last token, which is the account. */
  readonly subjectPrefix: string
  /** The JetStream stream that keeps it, or null where a lost message costs time only. */
  readonly stream: string | null
  readonly schema: Schema
  /** The subject of one account, or of all accounts with `*`. */
  subject(account: string): string
  /** Equal for equal facts, so that JetStream drops a second publication. */
  messageId(event: z.infer<Schema>): string
}

export type EventOf<Contract> = Contract extends EventContract<infer Schema> ? z.infer<Schema> : never

export function defineEvent<Schema extends z.ZodType>(
  contract: Omit<EventContract<Schema>, 'subject'>,
): EventContract<Schema> {
  return { ...contract, subject: (account) => `${contract.subjectPrefix}.${account}` }
}

import type { DatabaseSync } from 'node:sqlite'
import type { ListQuery } from '../domain/list-query.ts'
import type { Direction, Message, MessageStatus } from '../domain/message.ts'
import { openDatabase } from './schema.ts'
import { writeBatches } from './write-batches.ts'

/** Webhooks still to be told of one message: `done` of `steps` are. */
export interface Delivery {
  readonly sid: string
  readonly done: number
  readonly steps: number
  readonly dueAtMs: number
}

/** What the carrier remembers. Each write resolves when it would outlive the process. */
export function carrierStore(dataDir: string | undefined) {
  const db = openDatabase(dataDir)
  const batches = writeBatches(db)
  const sql = statements(db)
  const insertMessage = (message: Message) => {
    sql.insert.run(
      message.sid,
      message.direction,
      message.from,
      message.to,
      message.body,
      message.status,
      message.errorCode,
      message.createdAtMs,
      message.receivedAtMs,
      message.statusCallback,
      message.optOutType,
    )
  }

  return {
    add: (message: Message, delivery?: Omit<Delivery, 'sid'>): Promise<void> =>
      batches.write(() => {
        insertMessage(message)
        if (delivery) sql.schedule.run(message.sid, delivery.done, delivery.steps, delivery.dueAtMs)
      }),

    find(sid: string): Message | null {
      const row = sql.find.get(sid)
      return row ? messageOf(row) : null
    },

    /** Newest first, one more than the page holds where there are more. */
    list: (query: ListQuery): Message[] => selectList(db, query).map(messageOf),

    textsOf: (phone: string) =>
      sql.texts.all(phone).map((row) => ({
        sid: String(row.sid),
        from: String(row.sender),
        body: String(row.body),
        receivedAt: new Date(Number(row.received_at_ms)).toISOString(),
      })),

    setWebhookUrl: (number: string, url: string): Promise<void> =>
      batches.write(() => void sql.setUrl.run(number, url)),

    webhookUrl(number: string): string | null {
      const url = sql.url.get(number)?.webhook_url
      return typeof url === 'string' ? url : null
    },

    /** Records what a delivery has done and sent, at once. */
    advance: (delivery: Delivery, replies: readonly Message[]): Promise<void> =>
      batches.write(() => {
        for (const reply of replies) insertMessage(reply)
        if (delivery.done < delivery.steps) sql.advance.run(delivery.done, delivery.sid)
        else sql.end.run(delivery.sid)
      }),

    pending: (): Delivery[] =>
      sql.pending.all().map((row) => ({
        sid: String(row.sid),
        done: Number(row.done),
        steps: Number(row.steps),
        dueAtMs: Number(row.due_at_ms),
      })),

    async ping(): Promise<void> {
      sql.ping.get()
    },

    [Symbol.dispose]() {
      batches.flush()
      db.close()
    },
  }
}
export type CarrierStore = ReturnType<typeof carrierStore>

function statements(db: DatabaseSync) {
  return {
    insert: db.prepare(
      'INSERT INTO messages (sid, direction, sender, recipient, body, status, error_code, created_at_ms, received_at_ms, status_callback, opt_out_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    find: db.prepare('SELECT * FROM messages WHERE sid = ?'),
    texts: db.prepare(
      "SELECT sid, sender, body, received_at_ms FROM messages WHERE recipient = ? AND direction <> 'inbound' AND status = 'delivered' ORDER BY seq",
    ),
    setUrl: db.prepare(
      'INSERT INTO numbers (number, webhook_url) VALUES (?, ?) ON CONFLICT DO UPDATE SET webhook_url = excluded.webhook_url',
    ),
    url: db.prepare('SELECT webhook_url FROM numbers WHERE number = ?'),
    schedule: db.prepare('INSERT INTO deliveries (sid, done, steps, due_at_ms) VALUES (?, ?, ?, ?)'),
    advance: db.prepare('UPDATE deliveries SET done = ? WHERE sid = ?'),
    end: db.prepare('DELETE FROM deliveries WHERE sid = ?'),
    pending: db.prepare('SELECT * FROM deliveries ORDER BY due_at_ms'),
    ping: db.prepare('SELECT 1'),
  }
}

type Row = Record<string, unknown>

function selectList(db: DatabaseSync, query: ListQuery): Row[] {
  const where: string[] = []
  const values: (string | number)[] = []
  const only = (condition: string, value: string | number | undefined) => {
    if (value === undefined) return
    where.push(condition)
    values.push(value)
  }
  only('recipient = ?', query.to)
  only('sender = ?', query.from)
  only('created_at_ms / 1000 * 1000 >= ?', query.sentFromMs)
  only('created_at_ms / 1000 * 1000 <= ?', query.sentUntilMs)
  only('seq < (SELECT seq FROM messages WHERE sid = ?)', query.after)
  const condition = where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''
  return db
    .prepare(`SELECT * FROM messages ${condition} ORDER BY seq DESC LIMIT ?`)
    .all(...values, query.pageSize + 1)
}

function messageOf(row: Row): Message {
  return {
    sid: String(row.sid),
    direction: row.direction as Direction,
    from: String(row.sender),
    to: String(row.recipient),
    body: String(row.body),
    status: row.status as MessageStatus,
    errorCode: row.error_code === null ? null : Number(row.error_code),
    createdAtMs: Number(row.created_at_ms),
    receivedAtMs: Number(row.received_at_ms),
    statusCallback: row.status_callback === null ? null : String(row.status_callback),
    optOutType: row.opt_out_type === null ? null : String(row.opt_out_type),
  }
}

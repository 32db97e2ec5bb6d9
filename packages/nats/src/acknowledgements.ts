import { createInbox, type Msg, type MsgHdrs, type NatsConnection } from 'nats'

/** What a stream said of a message: stored, or known by its id; null where nothing stores the subject. */
export type Acknowledged = { readonly duplicate: boolean } | null

interface Waiting {
  readonly until: number
  resolve(acknowledged: Acknowledged): void
  reject(error: Error): void
}

/** The server's status for a subject that nobody listens to. */
const noResponders = 503

/**
 * Publishes to streams, with one inbox and one timer for all acknowledgements: the client's own request makes for
 * each message a timer and an error with its stack, which cost more than the message. The inbox lies below the
 * prefix of the connection: a server may let its user listen nowhere else.
 */
export function acknowledgements(deps: { nc: NatsConnection; inboxPrefix?: string; withinMs: number }) {
  const { nc, withinMs } = deps
  const inbox = createInbox(deps.inboxPrefix)
  const waiting = new Map<string, Waiting>()
  let count = 0
  let timer: NodeJS.Timeout | null = null

  const expire = () => {
    timer = null
    const now = performance.now()
    for (const [reply, { until, reject }] of waiting) {
      if (until > now) {
        timer = setTimeout(expire, until - now).unref()
        return
      }
      waiting.delete(reply)
      reject(new Error(`no acknowledgement within ${withinMs} ms`))
    }
  }
  nc.subscribe(`${inbox}.*`, {
    callback(error, message) {
      const asked = waiting.get(message.subject)
      if (asked === undefined) return
      waiting.delete(message.subject)
      if (error) return asked.reject(error)
      try {
        asked.resolve(read(message))
      } catch (refusal) {
        asked.reject(refusal as Error)
      }
    },
  })
  void nc.closed().then(() => {
    if (timer) clearTimeout(timer)
    for (const { reject } of waiting.values()) reject(new Error('the connection is closed'))
    waiting.clear()
  })

  /** Rejects where the stream refuses the message, or says nothing in time: then it may be stored. */
  return (subject: string, data: Uint8Array, headers: MsgHdrs): Promise<Acknowledged> => {
    const reply = `${inbox}.${++count}`
    nc.publish(subject, data, { reply, headers })
    timer ??= setTimeout(expire, withinMs).unref()
    return new Promise((resolve, reject) => {
      waiting.set(reply, { until: performance.now() + withinMs, resolve, reject })
    })
  }
}

function read(message: Msg): Acknowledged {
  if (message.data.length === 0 && message.headers?.code === noResponders) return null
  const { error, duplicate } = message.json<{ error?: { description?: string }; duplicate?: boolean }>()
  if (error) throw new Error(`the stream refused a message: ${error.description}`)
  return { duplicate: duplicate === true }
}

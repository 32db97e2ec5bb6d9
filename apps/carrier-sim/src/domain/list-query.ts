/** What Twilio's list of messages can be asked for. */
export interface ListQuery {
  readonly to?: string
  readonly from?: string
  /** Both ends belong to it, ms since 1970. */
  readonly sentFromMs?: number
  readonly sentUntilMs?: number
  readonly pageSize: number
  readonly page: number
  /** The page goes on below this message. */
  readonly after?: string
}

type Query = Readonly<Record<string, unknown>>

const dayMs = 86_400_000
const pageSizeMax = 1_000

/** Reads a query as Twilio does; null where a date or a page is none. */
export function readListQuery(query: Query): ListQuery | null {
  const pageSize = integer(query.PageSize, 50)
  const page = integer(query.Page, 0)
  const sent = sentBetween(query)
  const after = text(query.PageToken)
  if (pageSize === null || page === null || sent === null || pageSize < 1) return null
  if (after !== undefined && !/^PA[A-Za-z0-9]{1,64}$/.test(after)) return null
  return {
    ...optional('to', text(query.To)),
    ...optional('from', text(query.From)),
    ...sent,
    pageSize: Math.min(pageSize, pageSizeMax),
    page,
    ...optional('after', after?.slice(2)),
  }
}

/** The path of the page that follows, with the same filters. */
export function nextPageUri(path: string, query: Query, list: ListQuery, lastSid: string): string {
  const next = new URLSearchParams()
  for (const name of ['To', 'From', 'DateSent', 'DateSent<', 'DateSent>']) {
    const value = text(query[name])
    if (value !== undefined) next.set(name, value)
  }
  next.set('PageSize', String(list.pageSize))
  next.set('Page', String(list.page + 1))
  next.set('PageToken', `PA${lastSid}`)
  return `${path}?${next}`
}

interface Sent {
  readonly sentFromMs?: number
  readonly sentUntilMs?: number
}

/** A day means the whole of it, a time the whole second: Twilio's times know no more. */
function sentBetween(query: Query): Sent | null {
  const on = period(query.DateSent)
  const from = period(query['DateSent>'])
  const until = period(query['DateSent<'])
  if (on === null || from === null || until === null) return null
  const starts = [on?.startMs, from?.startMs].filter((ms) => ms !== undefined)
  const ends = [on?.endMs, until?.endMs].filter((ms) => ms !== undefined)
  return {
    ...(starts.length > 0 ? { sentFromMs: Math.max(...starts) } : {}),
    ...(ends.length > 0 ? { sentUntilMs: Math.min(...ends) } : {}),
  }
}

function period(value: unknown): { startMs: number; endMs: number } | null | undefined {
  const given = text(value)
  if (given === undefined) return undefined
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z?)?$/.test(given)) return null
  const startMs = Date.parse(given.length === 10 || given.endsWith('Z') ? given : `${given}Z`)
  return Number.isNaN(startMs)
    ? null
    : { startMs, endMs: startMs + (given.length === 10 ? dayMs : 1_000) - 1 }
}

function text(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}

function integer(value: unknown, otherwise: number): number | null {
  const given = text(value)
  if (given === undefined) return otherwise
  return /^\d{1,9}$/.test(given) ? Number(given) : null
}

function optional<Name extends string>(name: Name, value: string | undefined): { [K in Name]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [K in Name]?: string }
}

import type { AccountId } from '@heed/phone'
import { type CountryCode, readNumber } from '@heed/phone/read'
import type { z } from 'zod'
import { type Contact, derive, retagged } from '../domain/contact.ts'
import { tellNew } from '../domain/tell.ts'
import { CreateInput, type ImportRow, type ImportRowsInput } from '../schemas.ts'
import { changeContact, refreshOptOut } from './change-contact.ts'
import type { Deps } from './use-cases.ts'

type Content = Omit<z.infer<typeof CreateInput>, 'accountId'>
interface Fault {
  readonly line: number
  readonly field: string
}
interface Read {
  readonly line: number
  readonly content: Content
}

/**
 * Takes rows of a file over, each as a contact with an id of import and line, so that a call may be repeated. A row whose
 * first number somebody has already adds tags and fields to them, or is left out. A row that cannot be taken is told by
 * line and field, never by what stands there, and holds up no other.
 */
export function importRows(deps: Deps) {
  const { contacts, compliance } = deps
  const change = changeContact(deps)
  const insert = insertContacts(deps)

  return async ({
    accountId: a,
    importId,
    rows,
    country,
    known: onKnown = 'skip',
    dryRun,
  }: ImportRowsInput) => {
    // Refuses an account that is not there, before anything is kept.
    await compliance.bindsPerson(a)
    const errors: Fault[] = []
    const read: Read[] = []
    for (const row of rows) {
      const result = readRow(a, row, country as CountryCode | undefined)
      if ('field' in result) errors.push(result)
      else read.push(result)
    }
    const having = await havingFirstNumbers(contacts, a, read)
    const [fresh, known] = apart(read, having, (line) => idOf(importId, line))
    const told = { created: fresh.length, known: known.length, updated: 0, errors }
    if (dryRun) return told
    await insert(fresh.map((row) => newContact(deps, a, idOf(importId, row.line), row.content)))
    if (onKnown === 'skip') return told
    let updated = 0
    for (const { row, contact } of known) {
      if (contact === null) continue
      await change({ a, id: contact._id }, (standing) => merged(standing, row.content))
      updated++
    }
    return { ...told, known: known.length - updated, updated }
  }
}

function readRow(accountId: AccountId, row: ImportRow, country: CountryCode | undefined): Read | Fault {
  const { line, numbers: written, ...rest } = row
  const numbers = written.map((text) => readNumber(text, country))
  if (numbers.length === 0 || numbers.includes(null)) return { line, field: 'numbers' }
  const parsed = CreateInput.safeParse({ ...rest, accountId, numbers: [...new Set(numbers)] })
  if (!parsed.success) return { line, field: parsed.error.issues[0]?.path.join('.') ?? 'row' }
  const { accountId: _, ...content } = parsed.data
  return { line, content }
}

async function havingFirstNumbers(contacts: Deps['contacts'], a: AccountId, read: readonly Read[]) {
  const numbers = read.flatMap(({ content }) => content.numbers[0] ?? [])
  const found = await contacts.withNumbers(a, [...new Set(numbers)])
  return new Map(found.flatMap((contact) => contact.numbers.map((number) => [number, contact] as const)))
}

/** Who is new, and whose first number somebody has: a contact, or null for an earlier row of these. */
function apart(
  read: readonly Read[],
  having: ReadonlyMap<string, Contact>,
  idOfLine: (line: number) => string,
): [Read[], { row: Read; contact: Contact | null }[]] {
  const fresh: Read[] = []
  const known: { row: Read; contact: Contact | null }[] = []
  const seen = new Set<string>()
  for (const row of read) {
    const [first = ''] = row.content.numbers
    const contact = having.get(first)
    const isOwn = contact?._id === idOfLine(row.line)
    if (seen.has(first) || (contact && !isOwn)) known.push({ row, contact: contact ?? null })
    else fresh.push(row)
    for (const number of row.content.numbers) seen.add(number)
  }
  return [fresh, known]
}

const idOf = (importId: string, line: number) =>
  `ct_${importId.slice(3)}${line.toString(36).padStart(6, '0')}`

function newContact({ now }: Deps, a: AccountId, _id: string, given: Content): Contact {
  const content = {
    name: given.name ?? '',
    zone: given.zone ?? null,
    zip: given.zip ?? null,
    fields: given.fields ?? [],
    tags: given.tags ?? [],
    numbers: given.numbers,
    lists: [],
    dnc: null,
  }
  const at = now()
  // Only who has several numbers may be bound by what they said from another.
  const due = given.numbers.length > 1 ? { bindDue: true as const } : {}
  const keys = derive(content)
  const made = { ...content, ...keys, _id, a, v: 1, createdAt: at, changedAt: at, optOut: false, ...due }
  return { ...made, tell: tellNew(keys) }
}

/** As after a single write: the projection is looked at before and after, so that one of the two sees the other. */
function insertContacts(deps: Deps) {
  const refresh = refreshOptOut(deps)
  const outAmong = async (a: AccountId, made: readonly Contact[]) => {
    const rows = await deps.consents.blocked(a, [...new Set(made.flatMap(({ numbers }) => numbers))])
    const out = new Set(rows.filter(({ list }) => list === 'own').map(({ n }) => n))
    return ({ numbers }: Contact) => numbers.some((number) => out.has(number))
  }
  return async (made: readonly Contact[]): Promise<void> => {
    const [first] = made
    if (!first) return
    const before = await outAmong(first.a, made)
    await deps.contacts.insertMany(made.map((contact) => ({ ...contact, optOut: before(contact) })))
    deps.written()
    const after = await outAmong(first.a, made)
    for (const contact of made.filter((one) => after(one) !== before(one)))
      await refresh({ a: contact.a, id: contact._id })
  }
}

/** What a row adds to somebody who is there: nothing is taken away, and a field that both have is the row's. */
function merged(standing: Contact, { name, zone, zip, fields = [], tags = [], numbers }: Content) {
  const named = new Map([...standing.fields, ...fields].map((field) => [field.name.toLowerCase(), field]))
  const all = [...new Set([...standing.numbers, ...numbers])].slice(0, 20)
  const isMore = all.length > standing.numbers.length
  return {
    name: standing.name || (name ?? ''),
    zone: standing.zone ?? zone ?? null,
    zip: standing.zip ?? zip ?? null,
    fields: [...named.values()].slice(0, 50),
    tags: retagged(standing.tags, { add: tags, remove: [] }),
    numbers: all,
    ...(isMore ? { bindDue: true as const } : {}),
    ...(isMore && standing.isDnc ? { dncDue: true as const } : {}),
  }
}

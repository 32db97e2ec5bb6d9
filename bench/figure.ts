import type { MongoConnection } from '@heed/mongo'
import type { Bus } from '@heed/nats'
import { AccountId, PhoneNumber } from '@heed/phone'
import type { Clients } from '../scripts/demo/clients.ts'
import type { DemoSystem } from '../scripts/demo/system.ts'

/** The running system, and direct connections for the limits that figures stand beside. */
export interface Bench {
  readonly system: DemoSystem
  readonly clients: Clients
  readonly mongo: MongoConnection
  readonly bus: Bus
  readonly databaseId: string
  readonly say: (line: string) => void
}

export interface Line {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** This figure divided by the limit it stands beside, or the other way round for rates: above 1 is worse. */
  readonly ratio?: number
  readonly beside?: string
}

export interface Figure {
  readonly name: string
  /** What sets the figure: said with what was measured. */
  readonly bound: string
  measure(bench: Bench): Promise<Line[]>
}

let unique = 0
/** An account of its own with a business number, and numbers that no figure has used. */
export async function newAccount({ clients }: Bench) {
  const id = `bench-${process.pid}-${++unique}`
  const accountId = (
    await clients.compliance.accounts.create.mutate({ name: id, accountId: AccountId.parse(id) })
  ).accountId
  const from = newNumber()
  await clients.compliance.accounts.addNumber.mutate({ accountId, number: from })
  await clients.routeReplies(from)
  return { accountId, from }
}

let nextNumber = 2_000_000_000
/** E.164 numbers of an unassigned area code. */
export function newNumbers(count: number): PhoneNumber[] {
  return Array.from({ length: count }, newNumber)
}

export function newNumber(): PhoneNumber {
  return PhoneNumber.parse(`+1555${String(nextNumber++).slice(-9)}`)
}

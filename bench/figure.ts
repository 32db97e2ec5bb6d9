import type { MongoConnection } from '@heed/mongo'
import type { Bus } from '@heed/nats'
import { AccountId, PhoneNumber } from '@heed/phone'
import { untilItWorks } from '@heed/service'
import type { Clients } from '../scripts/demo/clients.ts'
import type { BenchSystem } from './system.ts'
import type { Usage } from './usage.ts'

/** The running system, and direct connections for the limits that figures stand beside. */
export interface Bench {
  readonly system: BenchSystem
  readonly clients: Clients
  readonly mongo: MongoConnection
  readonly bus: Bus
  readonly databaseId: string
  readonly usage: Usage
  readonly options: BenchOptions
  readonly say: (line: string) => void
}

export interface BenchOptions {
  /** Recipients of the large broadcast of the figure `memory`. */
  readonly recipients: number
  /** Numbers of the import of the figure `import`. */
  readonly imported: number
  /** People of the import of the figure `contacts`. */
  readonly people: number
}

/** `times`: at most so many times its limit. `atMost`, `atLeast`: the value itself. */
export type Target = { readonly times: number } | { readonly atMost: number } | { readonly atLeast: number }

export interface Row {
  readonly what: string
  readonly value: number
  /** A rate ends in `/s`; of everything else less is better. */
  readonly unit: string
  /** What the machine itself allows, in the same unit, measured in turn with the figure. */
  readonly limit?: { readonly what: string; readonly value: number }
  readonly target?: Target
}

export interface Measured {
  readonly rows: readonly Row[]
  /** CPU ms of each process for one of what is counted, where the system tells. */
  readonly cpu?: { readonly per: string; readonly ms: Readonly<Record<string, number>> } | undefined
}

export interface Figure {
  readonly name: string
  /** What sets the figure: said with what was measured. */
  readonly bound: string
  measure(bench: Bench): Promise<Measured>
}

let unique = 0
/**
 * An account of its own with a business number. Tried again, since a machine under other load may take longer than
 * the safety path's deadlines.
 */
export function newAccount({ clients }: Bench) {
  const { accounts } = clients.compliance
  return untilItWorks(
    async () => {
      const id = `bench-${process.pid}-${++unique}`
      const { accountId } = await accounts.create.mutate({ name: id, accountId: AccountId.parse(id) })
      const from = newNumber()
      await accounts.addNumber.mutate({ accountId, number: from })
      return { accountId, from }
    },
    { backoff: { firstMs: 50, maxMs: 1_000 }, signal: AbortSignal.timeout(60_000) },
  )
}

let nextNumber = 2_000_000_000
/** E.164 numbers of an unassigned area code. */
export function newNumbers(count: number): PhoneNumber[] {
  return Array.from({ length: count }, newNumber)
}

export function newNumber(): PhoneNumber {
  return PhoneNumber.parse(`+1555${String(nextNumber++).slice(-9)}`)
}

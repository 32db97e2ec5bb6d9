import { type ClientSession, type Db, type MongoClient, MongoNetworkError } from '@heed/mongo'
import type { Agenda } from '../world/agenda.ts'
import type { Machine } from '../world/machine.ts'
import type { Random } from '../world/random.ts'
import { collectionOf } from './collection.ts'
import type { ReplicaSet } from './replica-set.ts'
import type { Command, Reply, Server } from './server.ts'
import type { Wire } from './wire.ts'

/** A causally consistent session: what it reads is no older than what it has seen. */
export interface Session {
  operationTime: number
}

/** The two clients that Heed makes: their deadlines, and what a call that names no concern gets. */
const purposes = {
  safety: { socketMs: 450, selectionMs: 400, wtimeoutMS: 400 },
  ordinary: { socketMs: 4_000, selectionMs: 2_000, wtimeoutMS: 2_500 },
} as const
export type Purpose = keyof typeof purposes

/** What a fault does to one command, where it is aimed at it. */
export type Meddle = (
  phase: 'sent' | 'applied',
  command: Command,
  machine: Machine,
) => 'lost' | number | undefined

export interface Connection {
  readonly purpose: Purpose
  readonly defaults: (typeof purposes)[Purpose]
  readonly random: Random
  command(command: Command, session: Session | undefined): Promise<Reply>
}

export interface DatabaseWorld {
  readonly agenda: Agenda
  readonly set: ReplicaSet
  readonly server: Server
  readonly random: Random
  /** Share of messages that take up to 40 ms. */
  readonly slowShare: number
  readonly wire: Wire
  /** Whether this machine and that member hear each other. */
  readonly isReached: (machine: Machine, member: number) => boolean
  meddle: Meddle
}

/** Which member a machine's driver takes for the primary; null while it looks for one. */
export interface View {
  primary: number | null
  term: number
}

const pollMs = 40

/** A driver's connection to the replica set, as one process has it: it can lose, delay and time out. */
export function connect(world: DatabaseWorld, machine: Machine, view: View, purpose: Purpose) {
  const { agenda, set, server, random } = world
  const defaults = purposes[purpose]
  const hop = () => (random.chance(world.slowShare) ? random.between(1, 40) : random.between(0.1, 0.5))
  const lost = (what: string) => new MongoNetworkError(`the connection ${what}`)

  /** What the driver's monitoring finds: of those that it reaches and that call themselves primary, the newest. */
  const discover = () => {
    for (const { index, role, isUp, term } of set.members) {
      if (role !== 'primary' || !isUp || term < view.term || !world.isReached(machine, index)) continue
      view.primary = index
      view.term = term
    }
  }

  const command = (sent: Command, session: Session | undefined): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const asked = session && !sent.write ? { ...sent, after: session.operationTime } : sent
      world.wire.sent(purpose, asked)
      let at: number | null = null
      const settle = (delayMs: number, reply: Reply) =>
        machine.later(delayMs, () => {
          if (session && reply.operationTime > session.operationTime)
            session.operationTime = reply.operationTime
          if (reply.error === undefined) resolve(reply)
          else {
            if (isNotPrimary(reply.error) && view.primary === at) view.primary = null
            reject(reply.error)
          }
        })
      const fail = (delayMs: number, what: string) => settle(delayMs, { error: lost(what), operationTime: 0 })
      const send = (waitedMs: number) => {
        if (view.primary === null && random.chance(0.2)) discover()
        at = view.primary
        if (at === null) {
          if (waitedMs >= defaults.selectionMs) return reject(lost('was not made: no primary'))
          return machine.later(pollMs, () => send(waitedMs + pollMs))
        }
        const chosen = at
        const member = set.members[chosen] as (typeof set.members)[number]
        const meddled = world.meddle('sent', asked, machine)
        if (!world.isReached(machine, chosen) || meddled === 'lost')
          return fail(defaults.socketMs, 'timed out')
        const tripMs = hop() + (meddled ?? 0)
        agenda.at(agenda.now + tripMs, () => {
          if (!member.isUp) {
            if (view.primary === chosen) view.primary = null
            return fail(hop(), 'was refused')
          }
          server.serve(member, asked, (reply) => {
            const late = world.meddle('applied', asked, machine)
            if (!member.isUp) return fail(hop(), 'was closed')
            if (!world.isReached(machine, chosen) || late === 'lost')
              return fail(defaults.socketMs, 'timed out')
            const backMs = hop() + (late ?? 0)
            if (tripMs + backMs > defaults.socketMs) return fail(defaults.socketMs, 'timed out')
            settle(backMs, reply)
          })
        })
      }
      send(0)
    })

  const connection: Connection = { purpose, defaults, random, command }
  const startSession = (): ClientSession =>
    ({
      operationTime: 0,
      advanceOperationTime(this: Session, seen: number) {
        this.operationTime = Math.max(this.operationTime, seen)
      },
      advanceClusterTime() {},
      async [Symbol.asyncDispose]() {},
    }) as unknown as ClientSession
  return {
    client: { startSession } as unknown as MongoClient,
    db: (name: string) =>
      ({
        collection: (collection: string) => collectionOf(connection, `${name}.${collection}`),
        command: async () => {
          const hello: Command = {
            collection: name,
            name: 'hello',
            read: 'local',
            after: 0,
            maxTimeMS: 1_000,
            look: () => ({ localTime: set.serverTime() }),
          }
          return (await command(hello, undefined)).value
        },
      }) as unknown as Db,
  }
}

const isNotPrimary = (error: Error) => 'code' in error && [189, 10_107, 11_602].includes(Number(error.code))

import { MongoServerError } from '@heed/mongo'
import type { Agenda } from '../world/agenda.ts'
import type { Random } from '../world/random.ts'
import { everything, type Member } from './node.ts'
import type { ReplicaSet } from './replica-set.ts'

/** What a command may do at the primary, in the instant in which it runs there. */
export interface Primary {
  readonly member: Member
  readonly now: Date
  write(id: string, doc: Parameters<ReplicaSet['write']>[3]): void
}

export interface Command {
  /** With its database: `compliance.heads`. */
  readonly collection: string
  /** The ids that its filter names. */
  readonly ids?: readonly string[] | null
  readonly name: 'find' | 'update' | 'insert' | 'bulkWrite' | 'findAndModify' | 'delete' | 'hello'
  readonly read?: 'local' | 'majority' | 'linearizable'
  readonly write?: { readonly w: 1 | 'majority'; readonly wtimeoutMS: number }
  /** A read waits until the member has seen this cluster time. */
  readonly after: number
  readonly maxTimeMS: number
  /** Reads what the log made up to a length. */
  readonly look?: (member: Member, upTo: number) => unknown
  /** Writes, a step at a time; other commands may come between two steps. */
  /** A step that returns `apart` runs again. */
  readonly steps?: readonly ((primary: Primary) => unknown)[]
  /** The answer after the steps. */
  readonly answer?: () => unknown
}

export interface Reply {
  readonly value?: unknown
  readonly error?: Error
  /** The write stands at the primary and a majority did not confirm it in time. */
  readonly isUnconfirmed?: boolean
  readonly operationTime: number
}

export const serverError = (code: number, message: string) => new MongoServerError({ message, code })

/** Runs commands at a member, as a MongoDB server does. */
export function server(options: { set: ReplicaSet; agenda: Agenda; random: Random }) {
  const { set, agenda, random } = options
  const timeOf = (member: Member, length: number) => member.log[length - 1]?.ts ?? 1

  /** The first length of the log whose cluster time is late enough; a no-op makes one. */
  const lengthAfter = (member: Member, ts: number): number => {
    if (timeOf(member, member.log.length) < ts) return set.write(member, '', '', null)
    let length = member.log.length
    while (length > 1 && timeOf(member, length - 1) >= ts) length -= 1
    return length
  }

  const awaited = (
    command: Command,
    member: Member,
    length: number,
    ms: number,
    then: (late: boolean) => void,
    failed: (error: Error) => void,
  ) => {
    if (member.commit >= length) return then(false)
    let isOver = false
    const late = agenda.at(agenda.now + ms, () => {
      if (isOver) return
      isOver = true
      then(true)
    })
    set.whenCommitted(member, length, (how) => {
      if (isOver) return
      isOver = true
      agenda.cancel(late)
      if (how === 'committed') then(false)
      else failed(serverError(189, `${command.name}: the primary stepped down`))
    })
  }

  const read = (command: Command, member: Member, reply: (reply: Reply) => void) => {
    const end = member.log.length
    const fail = (error: Error) => reply({ error, operationTime: 0 })
    const tooLate = () => fail(serverError(50, `${command.name}: operation exceeded time limit`))
    const look = command.look as NonNullable<Command['look']>
    if (command.read === 'linearizable') {
      if (command.after > 0) return fail(serverError(72, 'afterClusterTime cannot go with linearizable'))
      const value = look(member, everything)
      const noop = set.write(member, '', '', null)
      const operationTime = timeOf(member, end)
      return awaited(
        command,
        member,
        noop,
        command.maxTimeMS,
        (late) => (late ? tooLate() : reply({ value, operationTime })),
        fail,
      )
    }
    if (command.read === 'local') {
      if (command.after > timeOf(member, end)) set.write(member, '', '', null)
      return reply({ value: look(member, everything), operationTime: timeOf(member, member.log.length) })
    }
    const answer = () =>
      reply({ value: look(member, member.commit), operationTime: timeOf(member, member.commit) })
    if (command.after <= timeOf(member, member.commit)) return answer()
    awaited(
      command,
      member,
      lengthAfter(member, command.after),
      command.maxTimeMS,
      (late) => (late ? tooLate() : answer()),
      fail,
    )
  }

  const write = (command: Command, member: Member, reply: (reply: Reply) => void) => {
    const { w, wtimeoutMS } = command.write as NonNullable<Command['write']>
    const steps = [...(command.steps ?? [])]
    const primary: Primary = {
      member,
      get now() {
        return set.serverTime()
      },
      write: (id, doc) => void set.write(member, command.collection, id, doc),
    }
    const finish = () => {
      const length = member.log.length
      const operationTime = timeOf(member, length)
      const answered = (isUnconfirmed: boolean) => {
        try {
          reply({ value: command.answer?.(), operationTime, isUnconfirmed })
        } catch (error) {
          reply({ error: error as Error, operationTime, isUnconfirmed })
        }
      }
      if (w === 1) return answered(false)
      awaited(command, member, length, wtimeoutMS, answered, (error) => reply({ error, operationTime }))
    }
    const next = () => {
      for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
        if (!member.isUp || member.role !== 'primary')
          return reply({
            error: serverError(189, `${command.name}: the primary stepped down`),
            operationTime: 0,
          })
        const isAgain = step(primary) === 'apart'
        if (isAgain) steps.unshift(step)
        if (isAgain || (steps.length > 0 && random.chance(0.1)))
          return void agenda.at(agenda.now + random.between(0.05, 1.5), next)
      }
      finish()
    }
    next()
  }

  return {
    serve(member: Member, command: Command, reply: (reply: Reply) => void): void {
      if (member.role !== 'primary')
        reply({ error: serverError(10_107, `${command.name}: not primary`), operationTime: 0 })
      else if (command.write) write(command, member, reply)
      else read(command, member, reply)
    },
  }
}
export type Server = ReturnType<typeof server>

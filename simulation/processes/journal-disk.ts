import { JournalError } from '../../apps/inbound-sms/src/store/journal.ts'
import { openJournalDatabase } from '../../apps/inbound-sms/src/store/journal-database.ts'
import type { JournalWriter } from '../../apps/inbound-sms/src/store/journal-writer.ts'
import type { Machine } from '../world/machine.ts'
import type { World } from '../world/world.ts'

/** A machine's disk with the journal on it: production's statements on SQLite. It outlives the process. */
export interface JournalDisk extends Disposable {
  /** For one life of the process. */
  writer(): JournalWriter
  /** Nothing is written until then. */
  failUntil: number
  /** Every operation waits until then. */
  hangUntil: number
}

export function journalDisk(world: World, machine: Machine): JournalDisk {
  const { agenda, random, history } = world
  const database = openJournalDatabase(':memory:')
  let freeAt = 0
  const disk: JournalDisk = {
    failUntil: 0,
    hangUntil: 0,
    writer() {
      const { life } = machine
      let waiting = 0
      return {
        waiting: () => waiting,
        run: (operation) =>
          new Promise((resolve, reject) => {
            waiting += 1
            const answered = machine.bind(resolve)
            const failed = machine.bind(reject)
            freeAt = Math.max(agenda.now, freeAt, disk.hangUntil) + random.between(0.1, 1.5)
            agenda.at(freeAt, () => {
              waiting -= 1
              // What was on its way to the disk when the process died may have got there.
              if (machine.life !== life && random.chance(0.5)) return
              if (agenda.now < disk.failUntil)
                return failed(new JournalError('the journal failed: simulated'))
              if (operation.name === 'append') history.journaled.add(String(operation.params[0]))
              if (operation.name === 'remove' || operation.name === 'move')
                history.left.push({
                  at: agenda.now,
                  source: String(operation.params.at(-1)),
                  where: 'the journal',
                })
              const [result] = database.inOneTransaction([operation])
              if (result) answered(result)
            })
          }),
        async [Symbol.asyncDispose]() {},
      }
    },
    [Symbol.dispose]: () => database.close(),
  }
  return disk
}

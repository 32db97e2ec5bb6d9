import type { History } from '../world/history.ts'
import type { Purpose } from './client.ts'
import type { Command } from './server.ts'

/** Sees every command as it leaves a process, and writes down what the protocol forbids (protocol.md, 2 to 4). */
export interface Wire {
  sent(purpose: Purpose, command: Command): void
}

/** What the ledger is made of: every write of it is a majority's, and nothing of it is read before a majority has it. */
const ledgerParts = new Set(['heads', 'sources', 'ledger', 'blocklist'].map((name) => `compliance.${name}`))
const nationalLists = '$lists'
const safetyMaxTimeMs = 400

export function wire(history: History): Wire {
  const forbid = (command: Command, why: string) =>
    void history.wire.add(`${command.name} of ${command.collection}: ${why}`)
  return {
    sent(purpose, command) {
      const { collection, write, read, after, ids, name } = command
      if (!ledgerParts.has(collection)) return
      if (write && write.w !== 'majority') forbid(command, 'a write that a majority need not have')
      if (name !== 'find') return
      if (read === 'local') forbid(command, 'a local read')
      if (read === 'linearizable' && !ids?.includes(nationalLists))
        forbid(command, 'a safe read of heads without the national lists')
      if (purpose !== 'safety' || collection === 'compliance.heads') return
      if (collection === 'compliance.blocklist' && ids && after === 0)
        forbid(command, 'rows read in a session that has read no head')
      if (ids && command.maxTimeMS > safetyMaxTimeMs)
        forbid(command, 'a read that may take longer than 400 ms')
    },
  }
}

import type { AccountId } from '@heed/phone'
import type { Machine } from '../world/machine.ts'
import type { World } from '../world/world.ts'

/** What a subscriber keeps of one account, durably and in one write: how far it is, and what stands. */
export interface Copy {
  epoch: string
  rev: number
  /** The last block or lift of each number and list. */
  readonly standing: Map<string, string>
}

interface Change {
  readonly rev: number
  readonly number: string
  readonly list: string
  readonly op: string
}

const sweepEveryMs = 2_000
/** Together, for all pages of one question. */
const answeredWithinMs = 1_500
/** Small, so that an import takes several pages. */
const pageOf = 20

/**
 * A program of somebody else's that follows the rule of E11: it applies the change that follows its last, ignores older
 * ones, and asks for a gap, at its start and now and then (here every two seconds rather than every minute).
 */
export function subscriber(world: World, machine: Machine) {
  const copies = new Map(
    world.plan.accounts.map((account): [AccountId, Copy] => [
      account,
      { epoch: '', rev: 0, standing: new Map() },
    ]),
  )

  function start(): void {
    machine.start()
    const asking = new Set<AccountId>()
    const catchUp = (account: AccountId, copy: Copy) => {
      if (asking.has(account)) return
      asking.add(account)
      const over = new Promise<void>((resolve) => machine.later(answeredWithinMs, resolve))
      // What was not answered the next sweep asks again; an answer that comes later is applied by its revs all the same.
      void Promise.race([ask(account, copy), over])
        .catch(() => {})
        .finally(() => asking.delete(account))
    }
    world.bus.subscribe({
      machine,
      onEvent: (event) => {
        const copy = copies.get(event.account)
        if (copy === undefined) return
        if (event.epoch === copy.epoch && event.rev <= copy.rev + 1) apply(copy, event)
        else catchUp(event.account, copy)
      },
      onHint: () => {},
    })
    const sweep = () => {
      for (const [account, copy] of copies) catchUp(account, copy)
      machine.later(sweepEveryMs, sweep)
    }
    sweep()
  }

  async function ask(account: AccountId, copy: Copy): Promise<void> {
    for (;;) {
      const after = copy.rev
      const page = await world.askCompliance(machine, (useCases) =>
        useCases.consent.changes({ accountId: account, after, limit: pageOf }),
      )
      if (page.epoch !== copy.epoch) {
        const isFirst = copy.epoch === ''
        copy.epoch = page.epoch
        if (!isFirst) {
          copy.rev = 0
          copy.standing.clear()
          continue
        }
      }
      for (const change of page.changes) apply(copy, change)
      if (copy.rev >= page.rev || copy.rev === after) return
    }
  }

  return { machine, copies, start }
}

function apply(copy: Copy, { rev, number, list, op }: Change): void {
  if (rev !== copy.rev + 1) return
  copy.rev = rev
  if (op !== 'keep') copy.standing.set(`${number} ${list}`, `${op} at ${rev}`)
}

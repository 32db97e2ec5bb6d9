import { type Asker, type Gate, redeem } from '@heed/clearance'
import type { AccountId, PhoneNumber } from '@heed/phone'
import type { Machine } from '../world/machine.ts'
import type { World } from '../world/world.ts'
import { openGate } from './gate.ts'

/**
 * A sender without rows: it asks now and then, and tries the gate at odd moments after, as late as it lets it. It
 * finds what a sender that asks just before it texts would find once in a million texts.
 */
export function eagerSender(world: World, machine: Machine) {
  const { agenda, random, history, plan } = world
  const self: { machine: Machine; gate: Gate | null; asker: Asker | null; start(): void } = {
    machine,
    gate: null,
    asker: null,
    start,
  }

  const tryGate = (gate: Gate, accountId: AccountId, number: PhoneNumber) => {
    const text = { accountId, number, origin: 'api' as const }
    gate.pass<void>(text, (clearance) => {
      redeem(clearance, text)
      const { epoch, rev } = clearance
      const who = { sender: machine.name, life: machine.life, account: accountId, number }
      const writeByte = () => {
        const mono = machine.clock.monoMs()
        const when = { at: agenda.now, order: agenda.count, mono }
        history.firstBytes.push({ ...when, ...who, textId: null, attemptId: null, epoch, rev })
      }
      if (plan.pauseAfterGateMs > 0) machine.later(plan.pauseAfterGateMs, writeByte)
      else writeByte()
    })
  }

  function start(): void {
    machine.start()
    const { gate, asker } = openGate(world, machine)
    self.gate = gate
    self.asker = asker
    const turn = () => {
      const accountId = random.pick(plan.accounts)
      const numbers = plan.numbers.filter(() => random.chance(0.6))
      void asker.prepare(accountId, numbers)
      const tries = random.whole(2, 6)
      for (let i = 0; i < tries; i++) {
        const number = random.pick(plan.numbers)
        machine.later(random.between(0, 650), () => tryGate(gate, accountId, number))
      }
      machine.later(world.isBusy() ? random.between(20, 200) : random.between(400, 1_000), turn)
    }
    machine.later(random.between(0, 50), turn)
  }
  return self
}

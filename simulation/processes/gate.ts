import { type Asker, type CheckInput, createAsker, createGate, type Gate } from '@heed/clearance'
import type { Machine } from '../world/machine.ts'
import type { World } from '../world/world.ts'

/** A process's gate and asker: production code, told of events and hints, asking whichever instance it reaches. */
export function openGate(world: World, machine: Machine): { gate: Gate; asker: Asker } {
  const { history, agenda, random } = world
  const { life, name: sender } = machine
  const gate = createGate({
    clock: machine.clock,
    hooks: {
      onHold: () => {
        history.holds += 1
      },
      onAlarm: ({ kind }) => {
        history.alarms.push(`gate: ${kind}`)
      },
    },
  })
  const heard = (kind: 'event' | 'hint', told: { account: string; number: string; source: string }) => {
    const { account, number, source } = told
    history.heard.push({ kind, at: agenda.now, order: agenda.count, sender, life, account, number, source })
  }
  world.bus.subscribe({
    machine,
    onEvent: (event) => {
      heard('event', event)
      gate.onEvent(event)
    },
    onHint: (hint) => {
      heard('hint', hint)
      gate.onHint(hint)
    },
  })
  const check = async (input: CheckInput) => {
    const askedAt = agenda.now
    const askedOrder = agenda.count
    const askedMono = machine.clock.monoMs()
    const answers = await world.askCompliance(machine, (useCases) => useCases.check(input))
    input.asks.forEach(({ accountId, numbers }, index) => {
      const answer = answers[index]
      if (answer)
        history.heardAnswers.push({
          sender,
          life,
          askedAt,
          askedOrder,
          askedMono,
          heardAt: agenda.now,
          heardOrder: agenda.count,
          account: accountId,
          numbers,
          answer,
        })
    })
    return answers
  }
  const asker = createAsker({ gate, check, scheduler: machine.timers(), random: random.next })
  return { gate, asker }
}

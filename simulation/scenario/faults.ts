import type { Member } from '../database/node.ts'
import type { Machine } from '../world/machine.ts'
import type { World } from '../world/world.ts'
import type { AimedFault, Fault } from './plan.ts'

/** What may be struck: every process, and how it starts again. */
export interface Victim {
  readonly machine: Machine
  start(): void
}

/** Puts the plan's faults into the world's agenda; none of them lasts beyond `healAt`. */
export function scheduleFaults(world: World, victims: readonly Victim[]): void {
  const { agenda, plan, network, bus, database, random } = world
  const { set } = database
  const until = (ms: number) => Math.min(agenda.now + ms, plan.healAt)
  const after = (ms: number, run: () => void) => agenda.at(until(ms), run)
  const victimAt = (index: number) => victims[index % victims.length] as Victim

  /** Drivers find a new primary within their heartbeat, where they reach it. */
  const tellDrivers = (primary: Member) => {
    for (const [machine, view] of world.views) {
      agenda.at(agenda.now + random.between(0, 700), () => {
        if (!database.isReached(machine, primary.index) || view.term >= primary.term) return
        view.primary = primary.index
        view.term = primary.term
      })
    }
  }
  const elect = (among: readonly Member[]) => {
    const primary = set.elect(among)
    if (primary === null) return
    world.note(`db${primary.index} is elected for term ${primary.term}`)
    tellDrivers(primary)
  }
  const others = (one: Member) => set.members.filter((member) => member !== one)

  const disturb = (who: string, forMs: number) =>
    void world.history.disturbed.push({ who, from: agenda.now, to: agenda.now + forMs })
  const crash = ({ machine, start }: Victim, downMs: number) => {
    if (!machine.isUp) return
    // A process that starts has nothing to say for a while.
    disturb(machine.name, downMs + 500)
    world.note(`${machine.name} crashes`)
    machine.crash()
    after(downMs, () => machine.isUp || start())
  }
  const failOver = (electionMs: number, downMs: number) => {
    const primary = set.latestPrimary()
    if (primary === null) return
    world.note(`db${primary.index}, the primary, dies`)
    set.stop(primary)
    after(electionMs, () => elect(others(primary)))
    after(downMs, () => set.start(primary))
  }
  const stalePrimary = (electionMs: number, forMs: number) => {
    const primary = set.latestPrimary()
    if (primary === null) return
    world.note(`db${primary.index}, the primary, is cut off from the other members`)
    for (const other of others(primary)) set.cut(primary.index, other.index)
    // Some processes are cut off with it, and go on believing in it.
    for (const { machine } of victims)
      if (random.chance(0.4))
        for (const other of others(primary)) network.cut(machine.name, `db${other.index}`)
    after(electionMs, () => elect(others(primary)))
    after(forMs, () => {
      world.note('the members see each other again')
      set.heal()
      network.heal()
      const latest = set.latestPrimary()
      if (latest) tellDrivers(latest)
    })
  }
  /** A planned change of the primary; drivers know at once, and the new one not yet what a majority holds. */
  const handOver = () => {
    const primary = set.latestPrimary()
    if (primary === null) return
    world.note(`db${primary.index} hands over`)
    set.setLag(40)
    set.stepDown(primary)
    const next = set.elect(others(primary))
    for (const [machine, view] of world.views) {
      if (next === null || !database.isReached(machine, next.index)) continue
      view.primary = next.index
      view.term = next.term
    }
    if (next === null) after(50, () => elect(set.members))
    after(random.between(80, 400), () => set.setLag(0))
  }
  const lag = (lagMs: number, forMs: number) => {
    world.note(`members copy ${lagMs} ms late`)
    set.setLag(lagMs)
    after(forMs, () => set.setLag(0))
  }

  const strike = (fault: Exclude<Fault, AimedFault>) => {
    switch (fault.kind) {
      case 'fail-over':
        return failOver(fault.electionMs, fault.downMs)
      case 'stale-primary':
        return stalePrimary(fault.electionMs, fault.forMs)
      case 'step-down': {
        const primary = set.latestPrimary()
        if (primary === null) return
        world.note(`db${primary.index} steps down`)
        set.stepDown(primary)
        after(random.between(5, 400), () => elect(set.members))
        return
      }
      case 'lag':
        return lag(fault.lagMs, fault.forMs)
      case 'crash':
        return crash(victimAt(fault.who), fault.downMs)
      case 'pause':
        world.note(`${victimAt(fault.who).machine.name} is paused for ${fault.forMs} ms`)
        disturb(victimAt(fault.who).machine.name, fault.forMs)
        return victimAt(fault.who).machine.pause(Math.min(fault.forMs, plan.healAt - agenda.now))
      case 'suspend':
        world.note(`${victimAt(fault.who).machine.name} is suspended for ${fault.forMs} ms`)
        disturb(victimAt(fault.who).machine.name, fault.forMs)
        return victimAt(fault.who).machine.suspend(Math.min(fault.forMs, plan.healAt - agenda.now))
      case 'cut': {
        const { machine } = victimAt(fault.who)
        const other = fault.other < 30 ? `db${fault.other % 3}` : victimAt(fault.other).machine.name
        world.note(`${machine.name} and ${other} do not hear each other`)
        network.cut(machine.name, other)
        after(fault.forMs, () => network.heal())
        return
      }
      case 'loss':
        world.note(`messages are lost, ${fault.share * 100} %`)
        network.lossShare = fault.share
        network.slowShare = fault.share
        bus.lossShare = fault.share
        after(fault.forMs, () => {
          network.heal()
          bus.lossShare = 0
        })
        return
      case 'bus-down':
        world.note('NATS is away')
        disturb('NATS', fault.forMs)
        bus.isUp = false
        after(fault.forMs, () => {
          bus.isUp = plan.hasBus
        })
        return
      case 'carrier-silent':
        world.note("the carrier's API is silent")
        world.phones.silentUntil = until(fault.forMs)
        return
      case 'disk': {
        const inbound = world.inbounds[fault.who % world.inbounds.length]
        if (!inbound) return
        world.note(`the disk of ${inbound.machine.name} ${fault.hangs ? 'hangs' : 'fails'}`)
        if (fault.hangs) inbound.disk.hangUntil = until(fault.forMs)
        else inbound.disk.failUntil = until(fault.forMs)
        return
      }
      case 'restore':
        return
    }
  }

  const aimedFaults = plan.faults.filter((fault) => fault.kind === 'aimed')
  const seen = aimedFaults.map(() => 0)
  if (aimedFaults.length > 0)
    database.meddle = (phase, command, machine) => {
      if (agenda.now >= plan.healAt - 500) return undefined
      for (const [index, fault] of aimedFaults.entries()) {
        if (
          fault.collection !== command.collection ||
          fault.command !== command.name ||
          fault.phase !== phase
        )
          continue
        seen[index] = (seen[index] ?? 0) + 1
        if (seen[index] !== fault.nth) continue
        const victim = victims.find((one) => one.machine === machine)
        world.note(
          `aimed at ${phase} ${fault.collection} ${fault.command} of ${machine.name}: ${fault.strike}`,
        )
        if (fault.strike === 'lost') return 'lost'
        if (fault.strike === 'delay') return random.between(20, 420)
        if (fault.strike === 'hand-over') {
          agenda.at(agenda.now + fault.afterMs / 10, handOver)
          return random.between(3, 20)
        }
        const aim = () => {
          if (fault.strike === 'crash' && victim) crash(victim, random.between(10, 1_500))
          else if (fault.strike === 'fail-over') failOver(random.between(50, 600), random.between(700, 2_500))
          else if (fault.strike === 'stale-primary')
            stalePrimary(random.between(50, 600), random.between(700, 3_000))
          else if (fault.strike === 'lag') lag(random.pick([50, 300]), random.between(300, 1_500))
        }
        agenda.at(agenda.now + fault.afterMs, aim)
      }
      return undefined
    }
  for (const fault of plan.faults) if (fault.kind !== 'aimed') agenda.at(fault.at, () => strike(fault))
  agenda.at(plan.healAt, () => {
    world.note('all faults end')
    database.meddle = () => undefined
    bus.isUp = plan.hasBus
    bus.lossShare = 0
    network.heal()
    set.setLag(0)
    for (const one of set.members) if (!one.isUp) set.start(one)
    set.heal()
    const primary = set.latestPrimary()
    if (primary === null) elect(set.members)
    else tellDrivers(primary)
    for (const victim of victims) if (!victim.machine.isUp) victim.start()
  })
}

import { caller, complianceProcess } from '../processes/compliance.ts'
import { eagerSender } from '../processes/eager-sender.ts'
import { inboundProcess } from '../processes/inbound-sms.ts'
import { nowOwned, operator } from '../processes/operator.ts'
import { type Copy, subscriber } from '../processes/subscriber.ts'
import { textingApp } from '../processes/texting-app.ts'
import type { History } from '../world/history.ts'
import { ownTime } from '../world/own-time.ts'
import { newWorld, type World } from '../world/world.ts'
import { scheduleFaults } from './faults.ts'
import { endAt, type Plan } from './plan.ts'

export interface Run {
  readonly world: World
  readonly history: History
  /** What a subscriber of events has made of each account. */
  readonly copies: ReadonlyMap<string, Copy>
}

/** Plays one seed from beginning to end. `change` makes the plan smaller, or the world worse. */
export async function runSeed(seed: number, change?: (plan: Plan) => Plan): Promise<Run> {
  using _ = ownTime()
  const world = newWorld(seed, change)
  const { agenda, plan } = world
  for (let index = 0; index < plan.instances; index++)
    world.instances.push(complianceProcess(world, world.machine(`compliance${index}`)))
  for (let index = 0; index < plan.inbounds; index++)
    world.inbounds.push(inboundProcess(world, world.machine(`inbound${index}`)))
  using _disks = disks(world)
  const senders = [0, 1].map((index) => eagerSender(world, world.machine(`eager${index}`)))
  const apps = [0, 1].map((index) => textingApp(world, world.machine(`app${index}`)))
  const people = operator(world, world.machine('people'))
  for (const process of world.instances) process.start()
  people.start()
  agenda.at(30, () => void openAccounts(world, people))
  await agenda.runUntil(120)
  const listener = subscriber(world, world.machine('subscriber'))
  const started = [...senders, ...apps, ...world.inbounds, listener]
  for (const process of started) process.start()
  scheduleFaults(world, [...world.instances, ...started])
  for (const act of plan.acts) {
    if ('isRead' in act) agenda.at(act.at, () => world.phones.take(act))
    else if (act.kind !== 'texts') agenda.at(act.at, () => people.perform(act))
    else agenda.at(act.at, () => apps[act.count % apps.length]?.add(act))
  }
  agenda.at(endAt - 3_000, people.lookAtSettings)
  await agenda.runUntil(endAt)
  return { world, history: world.history, copies: listener.copies }
}

async function openAccounts(world: World, people: ReturnType<typeof operator>): Promise<void> {
  const { plan } = world
  await Promise.all(
    plan.accounts.map((accountId) =>
      people.untilAnswered(async ({ accounts }) => {
        await accounts.create(caller('admin'), { accountId, name: accountId })
        const number = plan.businessNumbers[plan.accounts.indexOf(accountId)]
        if (!number) return
        await accounts.addNumber({ accountId, number })
        nowOwned(world, number)
      }),
    ),
  )
}

function disks({ inbounds }: World): Disposable {
  return {
    [Symbol.dispose]() {
      for (const { disk } of inbounds) disk[Symbol.dispose]()
    },
  }
}

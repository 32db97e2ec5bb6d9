import type { AccountId, PhoneNumber } from '@heed/phone'
import type { Caller } from '@heed/rpc'
import type { UseCases } from '../../apps/compliance/src/use-cases/use-cases.ts'
import type { Act } from '../scenario/plan.ts'
import { type PolicySpell, type SharedSpell, type Spell, sharedList } from '../world/history.ts'
import type { Machine } from '../world/machine.ts'
import type { World } from '../world/world.ts'
import { caller } from './compliance.ts'

const attemptMs = 3_000

/** People and programs that call compliance, and call again until they are answered. */
export function operator(world: World, machine: Machine) {
  const { plan, random, agenda, history } = world
  const timers = machine.timers
  const pause = (ms: number) => new Promise<void>((resolve) => timers().after(ms, resolve))

  const untilAnswered = async <Answer>(
    ask: (useCases: UseCases) => Promise<Answer>,
  ): Promise<Answer | null> => {
    while (agenda.now < 18_000) {
      try {
        const silence = pause(attemptMs).then(() => {
          throw new Error('no answer')
        })
        return await Promise.race([world.askCompliance(machine, ask), silence])
      } catch (error) {
        if (isRefusal(error)) return null
        await pause(random.between(20, 400))
      }
    }
    return null
  }

  /** Whoever looks at the settings sees what binds. */
  const lookAtSettings = () => {
    for (const accountId of plan.accounts) void untilAnswered((useCases) => useCases.settings.get(accountId))
  }

  /** Writes down from when on it may have happened, and when it was acknowledged. */
  const recorded = async <Said>(
    book: (Said & Spell)[],
    said: Said,
    ask: (useCases: UseCases) => Promise<unknown>,
  ): Promise<void> => {
    const entry = { ...said, begunAt: agenda.now, ackedAt: null as number | null }
    book.push(entry)
    if ((await untilAnswered(ask)) !== null) entry.ackedAt = agenda.now
  }

  const optOut = (role: Caller['role'], input: Parameters<UseCases['consent']['optOut']>[1]) =>
    untilAnswered((useCases) => useCases.consent.optOut(caller(role), input))

  const perform = async (act: Act): Promise<void> => {
    const accountId = plan.accounts['account' in act ? act.account : 0] as AccountId
    switch (act.kind) {
      case 'tick':
      case 'refusal':
      case 'dnc': {
        const list = { tick: undefined, refusal: 'carrier', dnc: 'dnc' }[act.kind]
        const numbers = [plan.numbers[act.number] as PhoneNumber]
        await optOut('admin', { accountId, numbers, cause: 'operator', source: act.id, list })
        return
      }
      case 'import': {
        const numbers = Array.from({ length: act.size }, (_, n) => `+1666${1_000_000 + n}` as PhoneNumber)
        numbers.splice(random.whole(0, numbers.length - 1), 1, random.pick(plan.numbers))
        for (let from = 0; from < numbers.length; from += 50) {
          const part = numbers.slice(from, from + 50)
          await optOut('operator', { accountId, numbers: part, cause: 'import', source: `${act.id}-${from}` })
        }
        return
      }
      case 'by-hand': {
        const number = plan.numbers[act.number] as PhoneNumber
        const seen = await untilAnswered((useCases) =>
          useCases.consent.status({ accountId, numbers: [number] }),
        )
        const block = seen?.[0]?.blocks.find(({ list }) => list === 'own')
        if (!block) return
        if (act.isStale) await pause(random.between(50, 1_500))
        const basis = { epoch: block.epoch, rev: block.rev }
        const more = { cause: 'operator', note: 'asked by letter', source: act.id, basis } as const
        await untilAnswered((useCases) =>
          useCases.consent.optIn(caller('admin'), { accountId, number, ...more }),
        )
        return
      }
      case 'twice': {
        const given = { accountId, cause: 'operator', source: act.id } as const
        const [first, shared, last] = [0, 1, 2].map((n) => plan.numbers[(act.number + n) % 4] as PhoneNumber)
        const [one, other] = act.lists
        if (!first || !shared || !last) return
        // While this one is committed the two wait together, where they come to the same instance.
        const before = plan.numbers[(act.number + 3) % 4] as PhoneNumber
        void optOut('admin', { ...given, source: `${act.id}-before`, numbers: [before] })
        await pause(0.5)
        await Promise.all([
          optOut('admin', { ...given, list: one, numbers: [first, shared] }),
          optOut('admin', {
            ...given,
            list: other,
            numbers: one === other ? [shared, last] : [first, shared],
          }),
        ])
        return
      }
      case 'add-number':
        await untilAnswered(async ({ accounts }) => {
          if (!plan.lateNumber) return
          await accounts.addNumber({ accountId, number: plan.lateNumber.number })
          nowOwned(world, plan.lateNumber.number)
        })
        return
      case 'settings':
        await recorded<Omit<PolicySpell, keyof Spell>>(
          history.policies,
          { account: accountId, origins: [] },
          (useCases) =>
            useCases.settings.set(caller('admin'), {
              accountId,
              settings: { policy: { v: 1 }, manualOptInOverTexted: true },
            }),
        )
        return
      case 'policy': {
        const { origins } = act
        const national = [{ list: sharedList, origins: [...origins] }]
        await recorded<Omit<PolicySpell, keyof Spell>>(
          history.policies,
          { account: accountId, origins },
          (useCases) =>
            useCases.settings.set(caller('admin'), { accountId, settings: { policy: { v: 2, national } } }),
        )
        return
      }
      case 'shared': {
        const number = plan.numbers[act.number] as PhoneNumber
        const change = { sharedList, source: act.id, numbers: [number] }
        await recorded<Omit<SharedSpell, keyof Spell>>(
          history.shared,
          { number, op: act.op },
          ({ national }) => national[act.op](caller('admin'), change),
        )
        return
      }
      default:
        return
    }
  }

  return {
    machine,
    untilAnswered,
    start: () => machine.start(),
    lookAtSettings,
    perform: (act: Act) => void perform(act),
  }
}

/** Compliance understood, and will not do it. */
function isRefusal(error: unknown): boolean {
  const reason = error instanceof Error && 'reason' in error ? error.reason : undefined
  return reason !== undefined && reason !== 'unavailable' && reason !== 'limit-reached'
}

/** Writes down when a business number was first known to have an owner. */
export function nowOwned({ history, agenda }: World, number: string): void {
  if (!history.ownedAt.has(number)) history.ownedAt.set(number, agenda.now)
}

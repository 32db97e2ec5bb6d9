import {
  type CheckInput,
  type CheckOutput,
  createAsker,
  createGate,
  defaultPolicy,
  leaseMs,
  systemClock,
  systemScheduler,
} from '@heed/clearance'
import { Epoch, type PhoneNumber } from '@heed/phone'

/** An authority with a blocklist in memory, at the other end of what senders take as an argument. */
export function testAuthority() {
  const blocked = new Map<PhoneNumber, { list: string; since: string; rev: number }>()
  const epoch = Epoch.parse('0123456789abcdef')
  const authority = {
    rev: 0,
    isAway: false,
    asked: 0,
    block(number: PhoneNumber) {
      blocked.set(number, { list: 'own', since: new Date().toISOString(), rev: ++authority.rev })
    },
    async check({ asks }: CheckInput): Promise<CheckOutput> {
      authority.asked++
      if (authority.isAway) throw new Error('the authority is away')
      return asks.map(({ numbers }) => ({
        epoch,
        rev: authority.rev,
        leaseMs,
        policy: defaultPolicy,
        verdicts: numbers.map((number) => {
          const reason = blocked.get(number)
          return { allowed: !reason, reasons: reason ? [reason] : [] }
        }),
      }))
    },
    /** A sender's gate and asker of this authority. */
    sender() {
      const gate = createGate({ clock: systemClock() })
      const asker = createAsker({
        gate,
        check: authority.check,
        scheduler: systemScheduler(),
        random: Math.random,
      })
      return { gate, asker }
    },
  }
  return authority
}

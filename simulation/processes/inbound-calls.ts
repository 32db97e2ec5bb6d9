import { DomainError } from '@heed/rpc'
import { ZodError } from 'zod'
import { ResolveInput } from '../../apps/compliance/src/schemas/accounts.ts'
import { OptInInput, OptOutInput, StatusInput } from '../../apps/compliance/src/schemas/consent.ts'
import type { UseCases } from '../../apps/compliance/src/use-cases/use-cases.ts'
import type { ComplianceCalls } from '../../apps/inbound-sms/src/clients/compliance.ts'
import type { Machine } from '../world/machine.ts'
import type { World } from '../world/world.ts'
import { caller } from './compliance.ts'

const timeoutMs = 4_000

/** Compliance as an instance of inbound-sms reaches it: any instance, over the network, within a deadline. */
export function complianceCalls(world: World, machine: Machine): ComplianceCalls {
  const timers = machine.timers()
  const who = caller('inbound')
  const ask = <Answer>(run: (useCases: UseCases) => Promise<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const cancel = timers.after(timeoutMs, () => reject(new Error('no answer')))
      void world.askCompliance(machine, run).then(resolve, reject).finally(cancel)
    })
  return {
    optOut: (input) => ask(async ({ consent }) => consent.optOut(who, OptOutInput.parse(input))),
    optIn: (input) => ask(async ({ consent }) => consent.optIn(who, OptInInput.parse(input))),
    status: ((input) =>
      ask(async ({ consent }) => consent.status(StatusInput.parse(input)))) as ComplianceCalls['status'],
    resolve: (input) =>
      ask(async ({ accounts }) => accounts.resolve(who, ResolveInput.parse(input).businessNumber)),
    list: (input) => ask(({ accounts }) => accounts.list(who, input)),
    reasonOf: (error) =>
      error instanceof DomainError ? error.reason : error instanceof ZodError ? 'invalid-input' : undefined,
  }
}

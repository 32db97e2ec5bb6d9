import type { AuditInput, AuditOutput, CheckInput, CheckOutput } from '@heed/clearance'
import type { AccountId, Origin, PhoneNumber } from '@heed/phone'
import { blockReasons, type TextReason } from './domain/text-reason.ts'
import type { CarrierRefusal } from './refusals.ts'
import type { SendingSettings } from './sending-settings.ts'
import type { CappedText, CapResult, TakeCaps } from './take-caps.ts'

/** The part of compliance's procedures that carries texts: an RPC client of its router is one. */
export interface ComplianceRpc {
  readonly clearance: {
    readonly check: { query(input: CheckInput, options: { signal: AbortSignal }): Promise<unknown> }
    readonly audit: { query(input: AuditInput): Promise<AuditOutput> }
  }
  readonly consent: {
    readonly optOut: {
      mutate(input: {
        accountId: AccountId
        numbers: PhoneNumber[]
        list: string
        cause: 'carrier-refusal'
        source: string
      }): Promise<unknown>
    }
  }
  readonly frequency: {
    readonly take: {
      mutate(input: { accountId: AccountId; texts: CappedText[] }): Promise<{ results: readonly CapResult[] }>
    }
  }
  readonly accounts: {
    readonly settings: {
      readonly get: {
        query(input: { accountId: AccountId }): Promise<{ settings: SendingSettings }>
      }
    }
  }
}

/** What the carrying of texts asks compliance, and tells it. */
export interface ComplianceCalls {
  check(input: CheckInput, signal: AbortSignal): Promise<unknown>
  audit(input: AuditInput): Promise<AuditOutput>
  tellRefusal(refusal: CarrierRefusal): Promise<void>
  settings(a: AccountId): Promise<SendingSettings>
  takeCaps: TakeCaps
}

export function complianceCalls(rpc: ComplianceRpc): ComplianceCalls {
  return {
    check: (input, signal) => rpc.clearance.check.query(input, { signal }),
    audit: (input) => rpc.clearance.audit.query(input),
    tellRefusal: async ({ accountId, number, source }) => {
      const refusal = { list: 'carrier', cause: 'carrier-refusal', source } as const
      await rpc.consent.optOut.mutate({ accountId, numbers: [number], ...refusal })
    },
    settings: async (accountId) => (await rpc.accounts.settings.get.query({ accountId })).settings,
    takeCaps: async (accountId, texts) =>
      (await rpc.frequency.take.mutate({ accountId, texts: [...texts] })).results,
  }
}

type Blocked = ReadonlyMap<PhoneNumber, readonly TextReason[]>

/**
 * Which of these numbers may not be texted now for this origin, each with all its reasons: for reports, and for what is
 * not begun; the gate decides. Null where compliance's answer holds no verdict for each; what the call throws comes out.
 */
export async function blockedNumbers(
  { clearance }: { clearance: { check: { query(input: CheckInput): Promise<CheckOutput> } } },
  asked: { accountId: AccountId; numbers: readonly PhoneNumber[]; origin: Origin },
): Promise<Blocked | null> {
  const { accountId, numbers, origin } = asked
  if (numbers.length === 0) return new Map()
  const [answer] = await clearance.check.query({ asks: [{ accountId, numbers: [...numbers], origin }] })
  if (!answer || 'error' in answer || answer.verdicts.length !== numbers.length) return null
  const blocked = answer.verdicts.flatMap(({ allowed, reasons }, index) => {
    const number = numbers[index]
    return allowed || number === undefined ? [] : [[number, blockReasons(reasons)] as const]
  })
  return new Map(blocked)
}

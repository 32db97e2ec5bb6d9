import { AccountId, Epoch, Origin, PhoneNumber } from '@heed/phone'
import { z } from 'zod'

/** Clearances that one call of `clearance.audit` may name. */
export const auditMax = 50

/** One text that passed a gate: what it was, on which state of the authority, and when the gate decided. */
const AuditedClearance = z.strictObject({
  accountId: AccountId,
  number: PhoneNumber,
  origin: Origin,
  epoch: Epoch,
  rev: z.int().nonnegative(),
  gatedAt: z.iso.datetime(),
})
export type AuditedClearance = z.infer<typeof AuditedClearance>

/** The input of `clearance.audit`: at most 50 clearances, of any accounts. */
export const AuditInput = z.strictObject({ clearances: z.array(AuditedClearance).min(1).max(auditMax) })
export type AuditInput = z.infer<typeof AuditInput>

/**
 * What the ledger says of a clearance. `agrees`: at its rev nothing bound the text. `blocked`: something did (E2).
 * `overdue`: a block was decided so long before the gate that no lease excuses its absence (E1). `ahead`: the
 * authority has not given out that rev (E10). `unknowable`: the account began another epoch since,
 * or there is none.
 */
export const AuditFinding = z.enum(['agrees', 'blocked', 'overdue', 'ahead', 'unknowable'])
export type AuditFinding = z.infer<typeof AuditFinding>

/** The output of `clearance.audit`: one finding for each clearance, in the order asked. */
export const AuditOutput = z.array(AuditFinding).max(auditMax)
export type AuditOutput = z.infer<typeof AuditOutput>

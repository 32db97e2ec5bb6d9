import { z } from 'zod'

/**
 * The id of a business account. It is safe as a NATS subject token and inside a MongoDB `_id`, where `/`
 * ends it. `_` alone is refused: as a subject it means every account.
 */
export const AccountId = z
  .string()
  .regex(/^(?!_$)[A-Za-z0-9_-]{1,64}$/)
  .brand<'AccountId'>()
export type AccountId = z.infer<typeof AccountId>

/** Names one life of an account's revs: 16 random hex digits, new at creation and after every restore. */
export const Epoch = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .brand<'Epoch'>()
export type Epoch = z.infer<typeof Epoch>

/** An independent reason to block, kept by the account: `own`, `carrier`, `dnc`, later one per programme. */
export const ListName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/)
export type ListName = z.infer<typeof ListName>

/** A list that accounts share, of a registry or a carrier; no account's own list is named so. */
export const NationalList = z.string().regex(/^national-[a-z0-9-]{1,23}$/)

/** Why a text is sent; whether a block binds may depend on it. */
export const Origin = z.enum(['broadcast', 'sequence', 'crm', 'one-to-one', 'api', 'test', 'reply'])
export type Origin = z.infer<typeof Origin>

import { AccountId, PhoneNumber } from '@heed/phone'
import { isCountry } from '@heed/phone/read'
import { z } from 'zod'

const LinkId = z.string().regex(/^(hs_\d{1,16}|wh_[0-9a-f]{24})$/)
const Country = z.string().refine(isCountry, { message: 'no country code (ISO 3166-1, two letters)' })
const Name = z.string().trim().min(1).max(100)
const Secret = z.string().min(1).max(500)

export const ConnectHubSpotInput = z.strictObject({
  accountId: AccountId,
  name: Name,
  /** A business number of the account, which texts come from. */
  from: PhoneNumber,
  /** Of the HubSpot app; they and the keys of the portal are sealed before they are kept. */
  clientId: Secret,
  clientSecret: Secret,
  /** What HubSpot's consent page returned, and where to. */
  code: Secret,
  redirectUri: z.url(),
  /** HubSpot's subscription type for texts; without it opt-outs are not written back. */
  subscriptionId: z.int().positive().optional(),
  /** A contact property that says "no texts" where it is true; without it HubSpot is not heard. */
  optOutProperty: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,99}$/)
    .optional(),
  /** Which country a contact's number is of that has no country code. */
  country: Country.optional(),
})
export type ConnectHubSpotInput = z.infer<typeof ConnectHubSpotInput>

export const ConnectWebhookInput = z.strictObject({
  accountId: AccountId,
  name: Name,
  from: PhoneNumber,
  /** Where the CRM is told of opt-outs and opt-ins, signed in the same way. */
  url: z.url({ protocol: /^https?$/ }).optional(),
})
export type ConnectWebhookInput = z.infer<typeof ConnectWebhookInput>

export const LinkOutput = z.strictObject({ linkId: LinkId })
export const WebhookOutput = z.strictObject({
  linkId: LinkId,
  /** Where the CRM posts to. */
  path: z.string(),
  /** Signs both ways (Standard Webhooks). Shown this once. */
  secret: z.string(),
})
export const ListInput = z.strictObject({ accountId: AccountId })
export const ListOutput = z.strictObject({
  links: z.array(
    z.strictObject({
      linkId: LinkId,
      kind: z.enum(['hubspot', 'webhook']),
      name: z.string(),
      from: PhoneNumber,
      createdAt: z.iso.datetime(),
      closedAt: z.iso.datetime().nullable(),
      /** Calls that are to be made yet; at most 1,000 are counted. */
      waiting: z.int().nonnegative(),
      /** What the longest waiting of them failed with last. */
      lastError: z.string().nullable(),
    }),
  ),
})
export const DisconnectInput = z.strictObject({ accountId: AccountId, linkId: LinkId })
export type DisconnectInput = z.infer<typeof DisconnectInput>

/** What HubSpot posts to a custom workflow action. It may grow, so what is not used here is let through. */
export const ActionCall = z.object({
  callbackId: z.string().min(1).max(500),
  origin: z.object({ portalId: z.int().positive() }),
  object: z.object({ objectId: z.union([z.int(), z.string()]).optional() }).optional(),
  inputFields: z.object({
    number: z.string().max(100),
    /** Without it the person is enrolled in `sequenceId`. */
    text: z.string().max(10_000).optional(),
    sequenceId: z.string().max(100).optional(),
    optOutInstruction: z.string().max(1_000).optional(),
  }),
})
export type ActionCall = z.infer<typeof ActionCall>

/** What HubSpot posts to an app's webhook: at most 100 events. */
export const EventsCall = z
  .array(
    z.object({
      eventId: z.union([z.int(), z.string().max(100)]),
      portalId: z.int().positive(),
      subscriptionType: z.string(),
      objectId: z.union([z.int(), z.string().max(100)]),
      propertyName: z.string().optional(),
      propertyValue: z.unknown(),
      occurredAt: z.number(),
    }),
  )
  .min(1)
  .max(1_000)
export type EventsCall = z.infer<typeof EventsCall>

/** What any other CRM posts. */
export const WebhookCall = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text.send'),
    data: z.strictObject({
      number: PhoneNumber,
      text: z.string().min(1).max(1_600),
      contactId: z
        .string()
        .regex(/^[\x21-\x7e]{1,100}$/)
        .optional(),
      actor: z.string().trim().min(1).max(200).optional(),
      optOutInstruction: z.string().trim().min(1).max(320).optional(),
    }),
  }),
  z.strictObject({
    type: z.literal('sequence.enrol'),
    data: z.strictObject({
      sequenceId: z.string().regex(/^sq_[0-9a-z]{8,40}$/),
      number: PhoneNumber,
      contactId: z
        .string()
        .regex(/^[\x21-\x7e]{1,100}$/)
        .optional(),
      /** What merge fields say of the person. */
      fields: z.record(z.string().max(64), z.string().max(1_000)).optional(),
    }),
  }),
  z.strictObject({ type: z.literal('contact.opted-out'), data: z.strictObject({ number: PhoneNumber }) }),
])
export type WebhookCall = z.infer<typeof WebhookCall>

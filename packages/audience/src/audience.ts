import { z } from 'zod'

const ListId = z.string().regex(/^ls_[0-9a-z]{8,40}$/)
const Tag = z.string().trim().min(1).max(64)

/**
 * Whom a broadcast or a sequence is for: who is on any of the lists or has any of the tags, and has none of the tags
 * that are kept from it. A list and its members are looked at when the people are fetched.
 */
export const Audience = z
  .strictObject({
    listIds: z.array(ListId).max(50),
    tags: z.array(Tag).max(50),
    excludeTags: z.array(Tag).max(50),
  })
  .refine(({ listIds, tags }) => listIds.length + tags.length > 0, { message: 'names no list and no tag' })
export type Audience = z.infer<typeof Audience>

/** Where a page of an audience left off. */
export const AudienceCursor = z.string().regex(/^ct_[0-9a-z]{8,40}$/)

/** What a call names that takes a page of an audience. */
export const audiencePage = {
  audience: Audience,
  /** Where the call before left off. */
  cursor: AudienceCursor.optional(),
}

type Part = { readonly list: string } | { readonly tag: string }
export interface AudienceFilter {
  readonly all: readonly [{ readonly any: readonly Part[] }, { readonly none: readonly Part[] }]
}

/** The same, as contacts are asked. */
export function audienceFilter({ listIds, tags, excludeTags }: Audience): AudienceFilter {
  const any = [...listIds.map((list) => ({ list })), ...tags.map((tag) => ({ tag }))]
  return { all: [{ any }, { none: excludeTags.map((tag) => ({ tag })) }] }
}

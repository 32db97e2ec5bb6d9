import { expect, test } from 'vitest'
import { Audience, audienceFilter } from './audience.ts'

const nobody = { listIds: [], tags: [], excludeTags: [] }

test('an audience that names no list and no tag is refused, whatever it excludes', () => {
  expect(Audience.safeParse({ ...nobody, excludeTags: ['DNC'] }).success).toBe(false)
  expect(Audience.safeParse({ ...nobody, tags: ['vip'] }).success).toBe(true)
})

test('whoever is on a list or has a tag is in, unless they have an excluded tag', () => {
  const audience = { listIds: ['ls_00000000'], tags: ['vip'], excludeTags: ['DNC', 'Blacklist'] }
  expect(audienceFilter(audience)).toEqual({
    all: [
      { any: [{ list: 'ls_00000000' }, { tag: 'vip' }] },
      { none: [{ tag: 'DNC' }, { tag: 'Blacklist' }] },
    ],
  })
})

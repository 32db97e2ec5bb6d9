import { expect, test } from 'vitest'
import { type ContactContent, derive } from './contact.ts'
import { tellAfter, tellNew } from './tell.ts'

const content = (more: Partial<ContactContent> = {}): ContactContent => ({
  name: 'Ann',
  zone: null,
  zip: null,
  fields: [],
  numbers: ['+15550001111'],
  tags: ['VIP'],
  lists: [],
  dnc: null,
  ...more,
})
const keyed = (given: ContactContent) => ({ ...given, ...derive(given) })
const standing = (more: Partial<ContactContent> = {}) => ({ ...keyed(content(more)), v: 4 })

test('a write that says the same has nothing to tell, and forgets nothing that is due', () => {
  expect(tellAfter(standing(), keyed(content()))).toBeUndefined()
  const due = tellNew(keyed(content()))
  expect(tellAfter({ ...standing(), tell: due }, keyed(content()))).toBe(due)
})

test('a tag given is told as added, a tag by another name in other letters is not', () => {
  const next = keyed(content({ tags: ['vip', 'Gold'] }))
  expect(tellAfter(standing(), next)).toEqual({ due: true, v: 5, op: 'tagged', added: ['gold'] })
})

test('what is due is told together: a new contact stays new, a tag taken away again was not added', () => {
  const first = { ...standing(), tell: { due: true, v: 1, op: 'created', added: ['vip', 'gold'] } as const }
  const told = tellAfter(first, keyed(content({ tags: ['VIP', 'Blue'] })))
  expect(told).toMatchObject({ op: 'created', added: ['vip', 'blue'] })
  const tagged = { ...standing(), tell: { due: true, v: 4, op: 'tagged', added: ['vip'] } as const }
  expect(tellAfter(tagged, keyed(content({ name: 'Bob' })))).toMatchObject({ op: 'updated', added: ['vip'] })
})

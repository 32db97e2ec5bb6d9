import { expect, test } from 'vitest'
import { derivedSource, type OwnStanding, toBlock, toLift } from './person-wide.ts'

const contactId = 'ct_00000000'
const mine = derivedSource(contactId, 'abc')
const standing = (number: string, sources: string[] = [], more: Partial<OwnStanding> = {}): OwnStanding => ({
  number,
  blocked: sources.length > 0,
  sources,
  held: sources.length,
  shared: false,
  ...more,
})

test('what a person said from one number binds the others, once', () => {
  expect(toBlock([standing('a', ['SM1']), standing('b'), standing('c', [mine])])).toEqual([
    { number: 'b', from: 'SM1' },
  ])
})

test('a derived block gives no other, and a shared number neither gives nor takes one', () => {
  expect(toBlock([standing('a', [mine]), standing('b')])).toEqual([])
  expect(toBlock([standing('a', ['SM1'], { shared: true }), standing('b')])).toEqual([])
  expect(toBlock([standing('a', ['SM1']), standing('b', [], { shared: true })])).toEqual([])
})

test('a derived block is lifted once nothing that it came from stands', () => {
  expect(toLift(contactId, [standing('a'), standing('b', [mine])])).toEqual(['b'])
  expect(toLift(contactId, [standing('a', ['SM1']), standing('b', [mine])])).toEqual([])
})

test('a block that anything else holds is not lifted, nor one of which not every opt-out is known', () => {
  expect(toLift(contactId, [standing('b', [mine, derivedSource('ct_11111111', 'x')])])).toEqual([])
  expect(toLift(contactId, [standing('b', [mine], { held: 9 })])).toEqual([])
  expect(toLift(contactId, [standing('b', [mine], { shared: true })])).toEqual([])
})

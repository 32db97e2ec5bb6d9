import { testClock } from '@heed/testkit'
import { expect, test } from 'vitest'
import type { ClaimedText } from '../store/text-document.ts'
import { textsInTurn } from './texts-in-turn.ts'

const text = (a: string, _id: string) => ({ text: { a, _id } as ClaimedText, slotAt: 0 })

function line(aheadMax = 100) {
  const clock = testClock()
  const told: string[] = []
  const turns = textsInTurn({ clock, aheadMax, comingUp: ({ _id }) => void told.push(_id) })
  const take = (count: number) => Array.from({ length: count }, () => turns.take()?.text._id)
  return { clock, told, turns, take }
}

test('each text is told of once before its turn, and no more of them than were taken in the last 100 ms', () => {
  const { clock, told, turns, take } = line()
  for (let i = 0; i < 300; i++) turns.push(text('a', `a${i}`))
  expect(told).toHaveLength(16)
  const first = take(40)
  expect(told.length).toBe(40 + 40 + 16)
  clock.advance(1_000)
  const rest = take(260)
  expect([...first, ...rest]).toEqual(Array.from({ length: 300 }, (_, i) => `a${i}`))
  expect(told).toEqual([...first, ...rest])
  expect(take(1)).toEqual([undefined])
})

test('an account with one text waits behind few of another’s long line (E9)', () => {
  const { turns, take } = line()
  for (let i = 0; i < 300; i++) turns.push(text('long', `a${i}`))
  take(50)
  turns.push(text('short', 'b'))
  expect(take(3)).toContain('b')
})

test('what is drained is all that was not taken', () => {
  const { turns, take } = line()
  for (let i = 0; i < 30; i++) turns.push(text('a', `a${i}`))
  take(5)
  expect(turns.drain()).toHaveLength(25)
  expect(turns.size).toBe(0)
})

import { expect, test } from 'vitest'
import { judgeCaps, stillCounts } from './caps.ts'

const hour = 3_600_000
const now = new Date('2026-11-27T12:00:00Z')
const ago = (hours: number, id = `t${hours}`) => ({ id, at: new Date(now.getTime() - hours * hour) })
const threeADay = { texts: 3, hours: 24 }

test('a window rolls: the text goes when the oldest that fills it has left it', () => {
  const text = { id: 'new', caps: [threeADay] }
  expect(judgeCaps([ago(1), ago(2)], text, now)).toBe('goes')
  expect(judgeCaps([ago(1), ago(2), ago(24)], text, now)).toBe('goes')
  expect(judgeCaps([ago(1), ago(2), ago(23)], text, now)).toEqual({
    cap: threeADay,
    holdUntil: new Date(now.getTime() + hour),
  })
  expect(judgeCaps([ago(1), ago(2), ago(3), ago(23)], text, now)).toMatchObject({
    holdUntil: new Date(now.getTime() + 21 * hour),
  })
})

test('of several caps the one decides that lets the text go last, and a known text goes again', () => {
  const aWeek = { texts: 1, hours: 168 }
  const text = { id: 'new', caps: [threeADay, aWeek] }
  expect(judgeCaps([ago(10)], text, now)).toMatchObject({ cap: aWeek })
  expect(judgeCaps([ago(10, 'new')], text, now)).toBe('known')
})

test('what no cap can look back to is forgotten', () => {
  expect(stillCounts([ago(719), ago(720), ago(900)], now)).toEqual([ago(719)])
})

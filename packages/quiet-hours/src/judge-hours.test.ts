import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hoursThatBind, judgeHours } from './judge-hours.ts'
import { quietHoursTable } from './jurisdictions.ts'

interface To {
  number: string
  zone?: string
  zip?: string
}

const areaOf = {
  NY: '212',
  FL: '305',
  TX: '512',
  AL: '205',
  LA: '504',
  MS: '601',
  RI: '401',
  KY: '502',
  NV: '702',
}
const to = (state: keyof typeof areaOf): To => ({ number: `+1${areaOf[state]}5550100` })
const tollFree: To = { number: '+18005550100' }
const paris: To = { number: '+33612345678' }
const judge = (text: To, at: string) => judgeHours(hoursThatBind(quietHoursTable, text), Date.parse(at))
const heldUntil = (text: To, at: string) => {
  const verdict = judge(text, at)
  if (verdict.outcome !== 'held') return verdict.outcome
  return `${verdict.rule.id} ${new Date(verdict.heldUntil).toISOString().slice(0, 16)}Z`
}

describe('each jurisdiction holds a text until its own next allowed minute', () => {
  it.each<[string, To, string, string]>([
    ['New York, federal hours', to('NY'), '2026-11-25T02:00:00Z', 'us-federal 2026-11-25T13:00Z'],
    ['New York, last minute', to('NY'), '2026-11-25T01:59:59Z', 'allowed'],
    ['Florida, both zones', to('FL'), '2026-11-25T13:30:00Z', 'us-federal 2026-11-25T14:00Z'],
    ['Florida after 20', to('FL'), '2026-11-25T01:30:00Z', 'us-fl 2026-11-25T14:00Z'],
    [
      'Texas, Sunday morning',
      { ...to('TX'), zip: '78701', zone: 'America/Chicago' },
      '2026-11-22T16:00:00Z',
      'us-tx 2026-11-22T18:00Z',
    ],
    ['Alabama, Sunday', to('AL'), '2026-11-22T18:00:00Z', 'us-al 2026-11-23T14:00Z'],
    ['Alabama, Thanksgiving', to('AL'), '2026-11-26T18:00:00Z', 'us-al 2026-11-27T14:00Z'],
    [
      'Alabama, 4 July on a Saturday, its Friday and the Sunday',
      to('AL'),
      '2026-07-03T18:00:00Z',
      'us-al 2026-07-06T13:00Z',
    ],
    ['Louisiana, Mardi Gras', to('LA'), '2026-02-17T18:00:00Z', 'us-la 2026-02-18T14:00Z'],
    ['Mississippi keeps no holidays', to('MS'), '2026-11-26T18:00:00Z', 'allowed'],
    ['Rhode Island, weekend', to('RI'), '2026-11-21T22:30:00Z', 'us-ri 2026-11-22T15:00Z'],
    ['Kentucky, both zones', to('KY'), '2026-11-25T15:30:00Z', 'us-ky 2026-11-25T16:00Z'],
    ['Nevada, both zones', to('NV'), '2026-11-25T16:30:00Z', 'us-nv 2026-11-25T17:00Z'],
    ['France, Saturday evening', paris, '2026-11-21T17:30:00Z', 'fr 2026-11-23T07:00Z'],
    ['France, Easter Monday', paris, '2026-04-06T10:00:00Z', 'fr 2026-04-07T06:00Z'],
    ['toll-free: 9 in Honolulu', tollFree, '2026-11-25T15:00:00Z', 'us-federal 2026-11-25T19:00Z'],
    ['toll-free: after 20 in New York', tollFree, '2026-11-26T01:30:00Z', 'us-any 2026-11-26T19:00Z'],
    ['a country without a rule', { number: '+4915112345678' }, '2026-11-25T02:00:00Z', 'allowed'],
    [
      'Canada has no rule of the United States',
      { number: '+14165550100' },
      '2026-11-25T08:00:00Z',
      'allowed',
    ],
  ])('%s', (_, text, at, expected) => {
    expect(heldUntil(text, at)).toBe(expected)
  })
})

describe('where somebody is', () => {
  it('is told by the ZIP before the area code', () => {
    expect(heldUntil({ ...to('NY'), zip: '90012' }, '2026-11-25T15:00:00Z')).toBe(
      'us-federal 2026-11-25T17:00Z',
    )
  })

  it('is read in both zones where zone and ZIP disagree', () => {
    const torn = { ...to('NY'), zip: '10001', zone: 'America/Los_Angeles' }
    expect(heldUntil(torn, '2026-11-25T13:30:00Z')).toBe('us-federal 2026-11-25T16:00Z')
    expect(heldUntil(torn, '2026-11-25T02:30:00Z')).toBe('us-federal 2026-11-25T16:00Z')
  })
})

it('keeps 8 local time over both changes of daylight saving time', () => {
  expect(heldUntil(to('NY'), '2026-03-08T05:30:00Z')).toBe('us-federal 2026-03-08T12:00Z')
  expect(heldUntil(to('NY'), '2026-11-01T04:30:00Z')).toBe('us-federal 2026-11-01T13:00Z')
})

it('answers never, and ends, where no minute of 60 days suits all zones', () => {
  const rules = [{ ...quietHoursTable.rules[0], windows: [{ days: [1], from: 0, to: 60 }] }] as never
  expect(judgeHours({ rules, zones: ['UTC', 'Asia/Tokyo'] }, 0).outcome).toBe('never')
})

it('holds until a minute that is allowed, and no minute before it is', () => {
  const areas = [...Object.values(areaOf), '800', '415', '907', '808', '787']
  const text = fc.record(
    {
      number: fc.oneof(
        fc.constantFrom(...areas).map((area) => `+1${area}5550100`),
        fc.constant(paris.number),
      ),
      zone: fc.constantFrom('America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu', 'Europe/Paris'),
      zip: fc.constantFrom('10001', '90012', '70112', '99999', '02901'),
    },
    { requiredKeys: ['number'] },
  )
  const at = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') })
  fc.assert(
    fc.property(text, at, fc.double({ min: 0, max: 0.999_999, noNaN: true }), (where, atMs, share) => {
      const bind = hoursThatBind(quietHoursTable, where)
      const verdict = judgeHours(bind, atMs)
      if (verdict.outcome !== 'held') return
      expect(judgeHours(bind, verdict.heldUntil).outcome).toBe('allowed')
      const between = atMs + (verdict.heldUntil - 1 - atMs) * share
      expect(judgeHours(bind, between).outcome).toBe('held')
      expect(judgeHours(bind, verdict.heldUntil - 1).outcome).toBe('held')
    }),
    { numRuns: 1_000 },
  )
})

import { expect, it } from 'vitest'
import { isZone } from './local-time.ts'
import { placeOf } from './places.ts'
import { foreignAreaCodes, usStates } from './us-states.ts'

it('gives every area code to one state or to another country', () => {
  const codes = Object.values(usStates).flatMap(({ areaCodes }) => areaCodes.split(' '))
  expect(codes.filter((code) => !/^[2-9]\d\d$/.test(code))).toEqual([])
  expect(codes.filter((code, i) => codes.indexOf(code) !== i || foreignAreaCodes.has(code))).toEqual([])
})

it('names zones that the host knows', () => {
  expect(Object.values(usStates).flatMap(({ zones }) => zones.filter((zone) => !isZone(zone)))).toEqual([])
})

it('keeps every state that a ZIP may mean', () => {
  expect(placeOf({ number: '+12125550100', zip: '96799' }).states).toEqual(['US-HI', 'US-AS'])
})

it('falls back to the area code where no state has the ZIP', () => {
  expect(placeOf({ number: '+12125550100', zip: '00000' }).states).toEqual(['US-NY'])
})

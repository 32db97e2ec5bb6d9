import { foreignAreaCodes, usStates } from './us-states.ts'

/** Where a text may be read: the states it may be in, none where nothing tells, and every zone it may be in. */
export interface Place {
  readonly country: 'US' | 'FR' | null
  readonly states: readonly string[]
  readonly zones: readonly string[]
}

const byAreaCode = new Map<string, string[]>()
const byZip = new Map<string, string[]>()
for (const [id, { areaCodes, zips }] of Object.entries(usStates)) {
  for (const code of areaCodes.split(' ')) add(byAreaCode, code, id)
  for (const range of zips.split(' ')) {
    const [from = '', to = from] = range.split('-')
    for (let zip = Number(from); zip <= Number(to); zip++) add(byZip, String(zip).padStart(3, '0'), id)
  }
}
const territories = new Set(['US-PR', 'US-VI', 'US-GU', 'US-MP', 'US-AS'])
const countryZones = unique(
  Object.entries(usStates).flatMap(([id, { zones }]) => (territories.has(id) ? [] : zones)),
)

/**
 * Reads a number (E.164) and what is stated of its person. A ZIP beats the area code; a stated zone narrows the zones
 * of the state where it is one of them, and is added to them where it is not, so that both are kept. Without
 * a state every zone of the country stands, beside the stated one: a zone alone is believed.
 */
export function placeOf({ number, zone, zip }: { number: string; zone?: string; zip?: string }): Place {
  if (number.startsWith('+33')) {
    return { country: 'FR', states: [], zones: unique(['Europe/Paris', ...(zone ? [zone] : [])]) }
  }
  const areaCode = number.slice(2, 5)
  if (!number.startsWith('+1') || foreignAreaCodes.has(areaCode)) {
    return { country: null, states: [], zones: zone ? [zone] : [] }
  }
  const states = (zip && byZip.get(zip.slice(0, 3))) || byAreaCode.get(areaCode) || []
  if (states.length === 0) return { country: 'US', states, zones: zone ? [zone] : countryZones }
  const ofStates = unique(states.flatMap((id) => usStates[id]?.zones ?? []))
  if (!zone) return { country: 'US', states, zones: ofStates }
  return { country: 'US', states, zones: ofStates.includes(zone) ? [zone] : [...ofStates, zone] }
}

function add(to: Map<string, string[]>, key: string, id: string): void {
  const ids = to.get(key)
  if (ids) ids.push(id)
  else to.set(key, [id])
}

function unique(zones: readonly string[]): string[] {
  return [...new Set(zones)]
}

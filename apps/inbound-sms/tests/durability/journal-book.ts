import type { Line } from './lines.ts'

type State = string | null

/** What a journal must hold by what was told of it. An operation whose end was not told holds whole, or not at all. */
export function journalBook() {
  const acknowledged = new Map<string, State>()
  const underWay = new Map<string, State>()
  const owners = new Map<string, { acknowledged?: string; underWay?: string }>()
  const claims = new Set<string>()
  const wrong: string[] = []
  let count = 0

  const compare = ({ entries, owners: found }: Line & { is: 'found' }) => {
    for (const id of new Set([...acknowledged.keys(), ...underWay.keys(), ...Object.keys(entries)])) {
      const is = entries[id] ?? null
      const may: (State | undefined)[] = [acknowledged.get(id) ?? null, underWay.get(id)]
      if (!may.includes(is)) wrong.push(`${id} is ${is}, and may be ${may.join(' or ')}`)
    }
    for (const [number, { acknowledged, underWay }] of owners) {
      const is = found[number]
      if (is !== acknowledged && is !== underWay)
        wrong.push(`owner ${is}, and may be ${acknowledged} or ${underWay}`)
    }
    // From here on what was found is what stands.
    acknowledged.clear()
    underWay.clear()
    for (const [id, state] of Object.entries(entries)) acknowledged.set(id, state)
    for (const [number, body] of Object.entries(found)) owners.set(number, { acknowledged: body })
  }

  return {
    wrong,
    acknowledged: () => count,
    claimed: () => [...claims],
    hear(line: Line): void {
      switch (line.is) {
        case 'found':
          compare(line)
          return
        case 'begun':
          underWay.set(line.id, line.becomes)
          return
        case 'done':
          count += 1
          acknowledged.set(line.id, underWay.get(line.id) ?? null)
          underWay.delete(line.id)
          return
        case 'owner':
          if (line.isDone) owners.set(line.number, { acknowledged: line.body })
          else owners.set(line.number, { ...owners.get(line.number), underWay: line.body })
          if (line.isDone) count += 1
          return
        case 'claimed':
          if (line.isFirst === claims.has(line.id))
            wrong.push(`${line.id} was claimed twice, or never before`)
          claims.add(line.id)
          count += 1
          return
      }
    },
  }
}

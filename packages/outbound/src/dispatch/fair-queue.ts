/** A queue in which keys take turns, so that a long line of one key does not hold up another's (E9). */
export interface FairQueue<Item> {
  push(item: Item): void
  /** The next item of the key whose turn it is. */
  take(): Item | undefined
  /** Takes everything out. */
  drain(): Item[]
  readonly size: number
}

export function fairQueue<Item>(keyOf: (item: Item) => string): FairQueue<Item> {
  // In order of turns: a key that was served goes behind the others.
  const lines = new Map<string, { items: Item[]; next: number }>()
  let size = 0
  return {
    get size() {
      return size
    },
    push(item) {
      const key = keyOf(item)
      const line = lines.get(key)
      if (line) line.items.push(item)
      else lines.set(key, { items: [item], next: 0 })
      size++
    },
    take() {
      const first = lines.entries().next().value
      if (!first) return undefined
      const [key, line] = first
      const item = line.items[line.next++]
      size--
      lines.delete(key)
      if (line.next < line.items.length) lines.set(key, compacted(line))
      return item
    },
    drain() {
      const all = [...lines.values()].flatMap(({ items, next }) => items.slice(next))
      lines.clear()
      size = 0
      return all
    },
  }
}

/** Shifting an array for each item would make a long line quadratic. */
function compacted<Item>(line: { items: Item[]; next: number }): { items: Item[]; next: number } {
  if (line.next < 1_000) return line
  return { items: line.items.slice(line.next), next: 0 }
}

/** Something took time or chance from Node: the same seed would not be the same history. */
export class StrayTimeError extends Error {
  override name = 'StrayTimeError'
}

const stray = (name: string) => () => {
  throw new StrayTimeError(`${name} was used; time and chance are arguments here`)
}

/** While a world runs, Node's own timers, clocks and chance are out of reach. */
export function ownTime(): Disposable {
  const { setTimeout, setInterval } = globalThis
  const { now } = Date
  const { random } = Math
  Object.assign(globalThis, { setTimeout: stray('setTimeout'), setInterval: stray('setInterval') })
  Date.now = stray('Date.now')
  Math.random = stray('Math.random')
  return {
    [Symbol.dispose]() {
      Object.assign(globalThis, { setTimeout, setInterval })
      Date.now = now
      Math.random = random
    },
  }
}

/** Runs something for a key a little later, once for all who asked meanwhile; each is told of that run's end. */
export function soon(options: { after: (ms: number, run: () => void) => void; delayMs: number }) {
  const waiting = new Map<string, Promise<void>>()
  return (key: string, run: () => Promise<void>): Promise<void> => {
    const standing = waiting.get(key)
    if (standing !== undefined) return standing
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    waiting.set(key, promise)
    options.after(options.delayMs, () => {
      waiting.delete(key)
      run().then(resolve, reject)
    })
    return promise
  }
}

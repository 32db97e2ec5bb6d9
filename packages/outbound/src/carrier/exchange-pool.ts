import type { Exchange } from './exchange.ts'

/** Connections lent out one request at a time, the last used first, so that those not needed fall idle. */
export interface ExchangePool extends AsyncDisposable {
  /** Lends a connection for the length of `use`; waits its turn where all are lent. */
  lend<T>(use: (exchange: Exchange) => Promise<T>): Promise<T>
}

export function exchangePool(options: { open: () => Exchange; connectionsMax: number }): ExchangePool {
  const free: Exchange[] = []
  const all: Exchange[] = []
  const waiting: ((exchange: Exchange) => void)[] = []

  const checkOut = (): Exchange | Promise<Exchange> => {
    const idle = free.pop()
    if (idle) return idle
    if (all.length >= options.connectionsMax) return new Promise((resolve) => waiting.push(resolve))
    const opened = options.open()
    all.push(opened)
    return opened
  }
  const checkIn = (exchange: Exchange) => {
    const next = waiting.shift()
    if (next) next(exchange)
    else free.push(exchange)
  }
  return {
    async lend(use) {
      const exchange = await checkOut()
      try {
        return await use(exchange)
      } finally {
        checkIn(exchange)
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((exchange) => exchange[Symbol.asyncDispose]()))
    },
  }
}

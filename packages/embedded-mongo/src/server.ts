import { createServer, type Server, type Socket } from 'node:net'
import { logicalClock } from './clock.ts'
import { cursorRegistry } from './commands/cursors.ts'
import { dispatcher } from './commands/dispatch.ts'
import type { Services } from './commands/request.ts'
import { expireDocuments } from './expiry.ts'
import { openEngine } from './storage/engine.ts'
import { openRetries } from './storage/retries.ts'
import { serveConnection } from './wire/connection.ts'

export type EmbeddedMongoOptions = {
  /** 127.0.0.1 unless given. */
  readonly host?: string
  /** 0 for one that is free. */
  readonly port: number
  /** Made if it is not there; held by one process at a time. */
  readonly dataDir: string
  readonly log?: (line: string) => void
  /** Told when a commit failed and nothing held in memory may be trusted; by default the process ends. */
  readonly onLost?: (error: Error) => void
}

export type EmbeddedMongo = AsyncDisposable & { readonly url: string; readonly port: number }

const sweepEveryMs = 2000
const connectionsMax = 10_000

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function endProcess(error: Error): never {
  process.stderr.write(
    `embedded-mongo: a commit failed, nothing since the last one is kept: ${error.message}\n`,
  )
  process.exit(70)
}

/** Takes away what has expired; a disk that takes no writes is no reason to end, the next sweep tries again. */
function sweep({ engine, retries, cursors }: Services, log: (line: string) => void): void {
  cursors.sweep()
  try {
    expireDocuments(engine, Date.now())
    retries.sweep()
  } catch (error) {
    const refusal = engine.commit.failed(error as Error)
    if (!refusal) throw error
    log(refusal.message)
  }
}

/** Starts a server on one data directory. What it acknowledged is on disk; disposing it loses nothing. */
export async function startEmbeddedMongo(options: EmbeddedMongoOptions): Promise<EmbeddedMongo> {
  const { host = '127.0.0.1', port, dataDir, log = () => undefined } = options
  const engine = openEngine(dataDir, options.onLost ?? endProcess)
  const sockets = new Set<Socket>()
  const services: Services = {
    engine,
    cursors: cursorRegistry(Date.now),
    retries: openRetries(engine.db, engine.commit, Date.now),
    clock: logicalClock(Date.now),
    startedAtMs: Date.now(),
    settings: { setName: 'heed', connections: () => sockets.size },
  }
  const handler = { ...dispatcher(services, log), whenDurable: engine.commit.whenDurable }
  let connections = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveConnection(socket, ++connections, handler)
  })
  server.maxConnections = connectionsMax
  try {
    await listen(server, port, host)
  } catch (error) {
    engine.close()
    throw error
  }
  const sweeper = setInterval(() => sweep(services, log), sweepEveryMs)
  sweeper.unref()
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port

  return {
    url: `mongodb://${host}:${bound}/?replicaSet=heed`,
    port: bound,
    async [Symbol.asyncDispose]() {
      clearInterval(sweeper)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      engine.commit.flush()
      for (const socket of sockets) socket.destroySoon()
      const force = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, 500)
      await closed
      clearTimeout(force)
      engine.close()
    },
  }
}

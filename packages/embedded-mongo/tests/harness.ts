import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Collection,
  type Db,
  type Document,
  MongoClient,
  type MongoClientOptions,
  MongoServerError,
} from 'mongodb'

const main = join(import.meta.dirname, '../src/main.ts')

/** A document of any shape, with an `_id` of any type. */
export type Row = Document & { _id?: string | number | object }

export type Server = AsyncDisposable & {
  readonly url: string
  readonly port: number
  readonly dataDir: string
  readonly pid: number
  readonly client: MongoClient
  readonly db: Db
  collection(name?: string): Collection<Row>
  connect(options?: MongoClientOptions): MongoClient
  /** As a crash does it. */
  kill(): Promise<void>
}

export function temporaryDir(): string {
  return mkdtempSync(join(tmpdir(), 'embedded-mongo-test-'))
}

const asItIs = (program: string, args: readonly string[]): [string, string[]] => [program, [...args]]

export function spawnServer(
  args: string[],
  env: Record<string, string> = {},
  commandLine = asItIs,
): ChildProcess {
  return spawn(...commandLine(process.execPath, [main, ...args]), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'test', ...env },
  })
}

/** A server in a process of its own, on a free port; with a directory given it goes on with what is in it. */
export async function startServer(dataDir?: string, commandLine = asItIs): Promise<Server> {
  const dir = dataDir ?? temporaryDir()
  const child = spawnServer(['--port', '0', '--data-dir', dir], {}, commandLine)
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const [line] = (await Promise.race([
    once(child.stdout as NonNullable<typeof child.stdout>, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error(`the server ended at once: ${errors}`))),
  ])) as [Buffer]
  const url = line.toString().trim()
  const clients: MongoClient[] = []
  const connect = (options: MongoClientOptions = {}): MongoClient => {
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 5000, ...options })
    clients.push(client)
    return client
  }
  const client = connect()
  const db = client.db('test')
  const ended = once(child, 'exit')
  return {
    url,
    port: Number(new URL(url).port),
    dataDir: dir,
    pid: child.pid as number,
    client,
    db,
    connect,
    collection: (name = `c${Math.random().toString(36).slice(2)}`) => db.collection<Row>(name),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((each) => each.close(true)))
      child.kill('SIGTERM')
      await ended
      if (dataDir === undefined) rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The error a server answers with; fails where there is none. */
export async function errorOf(work: Promise<unknown>): Promise<MongoServerError> {
  try {
    await work
  } catch (error) {
    if (error instanceof MongoServerError) return error
    throw error
  }
  throw new Error('expected an error of the server')
}

/** Polls until it holds. */
export async function eventually(holds: () => Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

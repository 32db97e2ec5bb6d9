import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'

/** A carrier of sockets: it answers what a test tells it to, and remembers the bytes and ends of each connection. */
export interface CarrierServer extends AsyncDisposable {
  readonly url: string
  /** Authority to trust, where it speaks TLS. */
  readonly ca: string | undefined
  readonly connections: ServedConnection[]
}

export interface ServedConnection {
  readonly socket: Socket
  readonly requests: string[]
  bytes: number
  /** How it ended: by FIN, by RST, or not yet. */
  ended: 'open' | 'closed' | 'reset'
}

export type Answer = (request: string, connection: ServedConnection) => string | null

export async function carrierServer(options: {
  tls: boolean
  answer: Answer
  onConnection?: (connection: ServedConnection) => void
}): Promise<CarrierServer> {
  const connections: ServedConnection[] = []
  const serve = (socket: Socket) => {
    const connection: ServedConnection = { socket, requests: [], bytes: 0, ended: 'open' }
    connections.push(connection)
    let buffered = ''
    socket.on('data', (data: Buffer) => {
      connection.bytes += data.length
      buffered += data.toString('latin1')
      for (let whole = wholeRequest(buffered); whole; whole = wholeRequest(buffered)) {
        buffered = buffered.slice(whole.length)
        connection.requests.push(whole)
        const answer = options.answer(whole, connection)
        if (answer !== null) socket.write(answer)
      }
    })
    socket.on('end', () => socket.end())
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') connection.ended = 'reset'
    })
    socket.on('close', () => {
      if (connection.ended === 'open') connection.ended = 'closed'
    })
    options.onConnection?.(connection)
  }
  const credentials = options.tls ? selfSigned() : undefined
  const server: Server = credentials
    ? createTlsServer({ ...credentials, allowHalfOpen: true }, serve)
    : createServer({ allowHalfOpen: true }, serve)
  // A handshake that fails leaves a TCP connection that no TLS socket stands for.
  const raws = new Set<Socket>()
  server.on('connection', (raw) => raws.add(raw))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: options.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    ca: credentials?.cert,
    connections,
    async [Symbol.asyncDispose]() {
      for (const { socket } of connections) socket.destroy()
      for (const raw of raws) raw.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function httpAnswer(status: number, body: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body)), ...headers })
  return `HTTP/1.1 ${status} X\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

export const accepted = (sid = `SM${'a'.repeat(32)}`) =>
  httpAnswer(201, JSON.stringify({ sid, status: 'queued', error_code: null }))

function wholeRequest(buffered: string): string | null {
  const headEnd = buffered.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const length = Number(/content-length: (\d+)/i.exec(buffered.slice(0, headEnd))?.[1] ?? 0)
  const end = headEnd + 4 + length
  return buffered.length >= end ? buffered.slice(0, end) : null
}

let pair: { key: string; cert: string } | undefined

function selfSigned(): { key: string; cert: string } {
  if (pair) return pair
  const folder = mkdtempSync(join(tmpdir(), 'heed-cert-'))
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    })
    pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
    return pair
  } finally {
    rmSync(folder, { recursive: true })
  }
}

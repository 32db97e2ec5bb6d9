import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { BSON, type Document } from 'mongodb'

export type RawConnection = Disposable & {
  readonly socket: Socket
  /** Sends bytes as they are and answers with the whole message that comes back. */
  exchange(bytes: Buffer): Promise<Buffer>
  /** Sends a command without a driver between, and so with exactly these fields. */
  command(body: Document, db?: string): Promise<Document>
}

let lastRequest = 0

function withHeader(opCode: number, parts: Buffer[]): Buffer {
  const header = Buffer.alloc(16)
  const message = Buffer.concat([header, ...parts])
  message.writeInt32LE(message.length, 0)
  message.writeInt32LE(++lastRequest, 4)
  message.writeInt32LE(opCode, 12)
  return message
}

export function opMsg(
  body: Document,
  options: { flags?: number; sequences?: Record<string, Document[]> } = {},
): Buffer {
  const flags = Buffer.alloc(4)
  flags.writeUInt32LE(options.flags ?? 0)
  const parts = [flags, Buffer.from([0]), Buffer.from(BSON.serialize(body))]
  for (const [name, docs] of Object.entries(options.sequences ?? {})) {
    const content = Buffer.concat([Buffer.from(`${name}\0`), ...docs.map((doc) => BSON.serialize(doc))])
    const size = Buffer.alloc(4)
    size.writeInt32LE(content.length + 4)
    parts.push(Buffer.from([1]), size, content)
  }
  return withHeader(2013, parts)
}

export function opQuery(namespace: string, body: Document): Buffer {
  const tail = Buffer.alloc(8)
  tail.writeInt32LE(-1, 4)
  return withHeader(2004, [
    Buffer.alloc(4),
    Buffer.from(`${namespace}\0`),
    tail,
    Buffer.from(BSON.serialize(body)),
  ])
}

export function bodyOf(message: Buffer): Document {
  return BSON.deserialize(message.subarray(message.readInt32LE(12) === 1 ? 36 : 21))
}

/** A connection of bytes to the server on a port. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let received: Buffer = Buffer.alloc(0)
  const next = async (): Promise<Buffer> => {
    const chunks = [received]
    let bytes = received.length
    for (let wanted = 4; ; ) {
      if (bytes >= wanted) {
        received = Buffer.concat(chunks.splice(0))
        chunks.push(received)
        wanted = received.readInt32LE(0)
        if (bytes >= wanted) break
      }
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      chunks.push(chunk)
      bytes += chunk.length
    }
    const message = received.subarray(0, received.readInt32LE(0))
    received = received.subarray(message.length)
    return message
  }
  const exchange = (bytes: Buffer): Promise<Buffer> => {
    socket.write(bytes)
    return next()
  }
  return {
    socket,
    exchange,
    command: async (body, db = 'test') => bodyOf(await exchange(opMsg({ ...body, $db: db }))),
    [Symbol.dispose]: () => socket.destroy(),
  }
}

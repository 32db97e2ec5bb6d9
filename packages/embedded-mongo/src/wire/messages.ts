import { Doc } from '../bson/doc.ts'
import { encode } from '../bson/encode.ts'
import { int32At } from '../bson/scalars.ts'
import { documentEnd } from '../bson/validate.ts'
import type { Value } from '../bson/value.ts'
import { crc32c } from './crc32c.ts'

export const maxMessageBytes = 48_000_000
const headerBytes = 16
export const opReply = 1
export const opQuery = 2004
export const opMsg = 2013

const flagChecksum = 1
const flagMoreToCome = 2
/** The lower 16 flag bits must be understood; these two are. */
const requiredFlags = 0xffff & ~(flagChecksum | flagMoreToCome)

/** Bytes that are no message of this protocol: there is no answering, only hanging up. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

export type Message =
  | { kind: 'msg'; requestId: number; body: Doc; wantsReply: boolean }
  | { kind: 'query'; requestId: number; namespace: string; body: Doc }

/** Bytes of the next message, or null while there are not enough; throws where the length is impossible. */
export function messageLength(received: Buffer): number | null {
  if (received.length < 4) return null
  const length = int32At(received, 0)
  if (length < headerBytes || length > maxMessageBytes) throw new ProtocolError(`message of ${length} bytes`)
  return received.length >= length ? length : null
}

function sequence(bytes: Buffer, start: number, limit: number): { end: number; name: string; docs: Value[] } {
  if (start + 4 > limit) throw new ProtocolError('truncated document sequence')
  const end = start + int32At(bytes, start)
  if (end > limit || end < start + 5) throw new ProtocolError('bad document sequence length')
  const nul = bytes.indexOf(0, start + 4)
  if (nul < 0 || nul >= end) throw new ProtocolError('unterminated document sequence name')
  const docs: Value[] = []
  for (let at = nul + 1; at < end; ) {
    docs.push(Doc.over(bytes, at))
    at = documentEnd(bytes, at, end)
  }
  return { end, name: bytes.toString('utf8', start + 4, nul), docs }
}

function parseMsg(bytes: Buffer, requestId: number): Message {
  if (bytes.length < headerBytes + 5) throw new ProtocolError('truncated message')
  const flags = bytes.readUInt32LE(headerBytes)
  if (flags & requiredFlags) throw new ProtocolError('unknown required flag')
  const limit = flags & flagChecksum ? bytes.length - 4 : bytes.length
  if (flags & flagChecksum && bytes.readUInt32LE(limit) !== crc32c(bytes.subarray(0, limit)))
    throw new ProtocolError('checksum does not match')
  let body: Doc | null = null
  const sequences: { name: string; docs: Value[] }[] = []
  let at = headerBytes + 4
  while (at < limit) {
    const kind = bytes[at++]
    if (kind === 0 && body === null) {
      body = Doc.over(bytes, at)
      at = documentEnd(bytes, at, limit)
    } else if (kind === 1) {
      const found = sequence(bytes, at, limit)
      sequences.push(found)
      at = found.end
    } else throw new ProtocolError(`unexpected section of kind ${kind}`)
  }
  if (body === null) throw new ProtocolError('message without a body')
  for (const { name, docs } of sequences) {
    if (body.has(name)) throw new ProtocolError(`field ${name} stands twice`)
    body.set(name, docs)
  }
  return { kind: 'msg', requestId, body, wantsReply: (flags & flagMoreToCome) === 0 }
}

function parseQuery(bytes: Buffer, requestId: number): Message {
  const nul = bytes.indexOf(0, headerBytes + 4)
  if (nul < 0 || nul + 9 + 5 > bytes.length) throw new ProtocolError('truncated query')
  documentEnd(bytes, nul + 9, bytes.length)
  const namespace = bytes.toString('utf8', headerBytes + 4, nul)
  return { kind: 'query', requestId, namespace, body: Doc.over(bytes, nul + 9) }
}

/** Reads one whole message. */
export function parseMessage(bytes: Buffer): Message {
  const requestId = int32At(bytes, 4)
  const opCode = int32At(bytes, 12)
  if (opCode === opMsg) return parseMsg(bytes, requestId)
  if (opCode === opQuery) return parseQuery(bytes, requestId)
  throw new ProtocolError(`unknown operation ${opCode}`)
}

let lastId = 0

function header(bytes: Buffer, responseTo: number, opCode: number): void {
  lastId = (lastId + 1) & 0x7fffffff
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(lastId, 4)
  bytes.writeInt32LE(responseTo, 8)
  bytes.writeInt32LE(opCode, 12)
}

/** An answer to an OP_MSG. */
export function msgReply(body: Doc, responseTo: number): Buffer {
  const bytes = encode(body, headerBytes + 5)
  bytes.fill(0, headerBytes, headerBytes + 5)
  header(bytes, responseTo, opMsg)
  return bytes
}

/** An answer to an OP_QUERY, as drivers open a connection with. */
export function queryReply(body: Doc, responseTo: number): Buffer {
  const bytes = encode(body, headerBytes + 20)
  bytes.fill(0, headerBytes, headerBytes + 20)
  bytes.writeInt32LE(8, headerBytes)
  bytes.writeInt32LE(1, headerBytes + 16)
  header(bytes, responseTo, opReply)
  return bytes
}

import type { Socket } from 'node:net'
import type { Doc } from '../bson/doc.ts'
import { codes, ServerError } from '../errors.ts'
import type { Rests } from '../storage/group-commit.ts'
import { type Message, messageLength, msgReply, parseMessage, queryReply } from './messages.ts'

export type Peer = { readonly id: number; readonly localAddress: string; readonly remoteAddress: string }

export type Handler = {
  /** The whole answer to a command, and the collections that it rests on. */
  answer(message: Message, peer: Peer): { reply: Doc; rests: Rests }
  /** The answer to a message that was answered already, of which all that was open is undone. */
  answerUndone(message: Message, peer: Peer, refusal: Error): Doc
  /** The answer to a message that was well framed and yet is refused. */
  refuse(error: unknown): Doc
  /** Runs `send` once what the answer rests on is on disk; `undone` where the disk refused it. */
  whenDurable(send: () => void, undone: (refusal: Error) => void, rests: Rests): void
}

const hostAndPort = (address: string | undefined, port: number | undefined): string => {
  const host = (address ?? '127.0.0.1').replace(/^::ffff:/, '')
  return `${host.includes(':') ? `[${host}]` : host}:${port ?? 0}`
}

/**
 * Serves one connection: messages in the order in which they come, each answered whole. Bytes that are
 * not of the protocol end the connection.
 */
export function serveConnection(socket: Socket, id: number, handler: Handler): void {
  const peer: Peer = {
    id,
    localAddress: hostAndPort(socket.localAddress, socket.localPort),
    remoteAddress: hostAndPort(socket.remoteAddress, socket.remotePort),
  }
  let chunks: Buffer[] = []
  let received = 0
  let wanted = 4

  /** Answers that wait for the disk: those after them wait too, so that they leave in the order of the messages. */
  let unsent = 0

  function sendWhenDurable(reply: Buffer, rests: Rests, undone: (refusal: Error) => Buffer): void {
    const send = (bytes: Buffer): void => {
      unsent--
      if (socket.writable) socket.write(bytes)
    }
    handler.whenDurable(
      () => send(reply),
      (refusal) => send(undone(refusal)),
      unsent++ > 0 ? null : rests,
    )
  }

  function serve(message: Message): void {
    const { reply, rests } = handler.answer(message, peer)
    if (message.kind === 'msg' && !message.wantsReply) return
    const framed = message.kind === 'msg' ? msgReply : queryReply
    sendWhenDurable(framed(reply, message.requestId), rests, (refusal) =>
      framed(handler.answerUndone(message, peer, refusal), message.requestId),
    )
  }

  function receive(bytes: Buffer): void {
    try {
      serve(parseMessage(bytes))
    } catch (error) {
      if (!(error instanceof ServerError) || error.code !== codes.BSONObjectTooLarge) throw error
      const reply = msgReply(handler.refuse(error), bytes.readInt32LE(4))
      sendWhenDurable(reply, null, () => reply)
    }
  }

  function drain(): void {
    let rest = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
    for (;;) {
      const length = messageLength(rest)
      if (length === null) break
      receive(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
    chunks = rest.length ? [rest] : []
    received = rest.length
    wanted = rest.length >= 4 ? rest.readInt32LE(0) : 4
  }

  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    received += chunk.length
    if (received < wanted) return
    try {
      drain()
    } catch {
      socket.destroy()
    }
  })
}

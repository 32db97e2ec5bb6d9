import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Every subject on which anything is said, replies to requests included, straight from the wire. */
export function listenToAllSubjects(url: string, hear: (subject: string) => void) {
  const { hostname, port } = new URL(url)
  let isOver = false
  const listen = async (): Promise<void> => {
    const socket = connect(Number(port), hostname)
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    stop = () => socket.destroy()
    let rest = ''
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === 'PING') socket.write('PONG\r\n')
        const [verb, subject = '', , replyTo = ''] = line.split(' ')
        if (verb === 'MSG' || verb === 'HMSG') for (const one of [subject, replyTo]) hear(one)
      }
    })
    socket.write(
      'CONNECT {"verbose":false,"pedantic":false,"headers":true,"lang":"test","version":"1"}\r\nSUB > 1\r\n',
    )
    await closed
    // The server is killed in between.
    if (isOver) return
    await sleep(50)
    return listen()
  }
  let stop = () => {}
  const listening = listen()
  return {
    async [Symbol.asyncDispose]() {
      isOver = true
      stop()
      await listening
    },
  }
}

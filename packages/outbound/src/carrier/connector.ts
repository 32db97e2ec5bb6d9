import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** The socket that HTTP is spoken on, and the TCP socket below it (the same one without TLS). */
export interface Connection {
  readonly socket: Socket
  readonly raw: Socket
}

export interface ConnectorOptions {
  /** Nothing was written when it runs out. */
  readonly connectWithinMs: number
  /** Authorities to trust instead of the system's, in PEM. */
  readonly ca?: string
}

interface Target {
  readonly protocol: string
  readonly hostname: string
  readonly port: string
  readonly servername?: string
}

/**
 * Connects for undici, making the TCP socket itself: only on it does `resetAndDestroy` discard what was not
 * sent yet; destroying the TLS socket above leaves those bytes to the kernel, which delivers them later.
 */
export function connector(options: ConnectorOptions, onConnection: (connection: Connection) => void) {
  return (
    target: Target,
    done: (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void,
  ): void => {
    const isTls = target.protocol === 'https:'
    const raw = connectTcp({ host: target.hostname, port: Number(target.port || (isTls ? 443 : 80)) })
    let settled = false
    const settle = (error: Error | null, socket: Socket) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      if (error) {
        raw.destroy()
        done(error, null)
      } else {
        onConnection({ socket, raw })
        done(null, socket)
      }
    }
    const timer = setTimeout(
      () => settle(new Error(`no connection within ${options.connectWithinMs} ms`), raw),
      options.connectWithinMs,
    )
    raw.setNoDelay(true).setKeepAlive(true, 30_000)
    raw.on('error', (error) => settle(error, raw))
    raw.once('close', () => settle(new Error('the connection was closed while it came up'), raw))
    raw.once('connect', () => {
      if (!isTls) return settle(null, raw)
      const servername = target.servername || (isIP(target.hostname) ? undefined : target.hostname)
      const tls = connectTls({
        socket: raw,
        host: target.hostname,
        ALPNProtocols: ['http/1.1'],
        ...(servername === undefined ? {} : { servername }),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
      })
      tls.on('error', (error) => settle(error, raw))
      tls.once('secureConnect', () => settle(null, tls))
    })
  }
}

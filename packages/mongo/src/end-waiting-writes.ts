import { createRequire } from 'node:module'
import type { Socket } from 'node:net'

/** The part of the driver's connection that is mended here. */
interface DriverConnection {
  readonly socket: Socket
  cleanup(error: Error): void
}

const mended = Symbol.for('heed.end-waiting-writes')

/**
 * Mends the driver (7.9.0): a command written while its socket is destroyed and has not said so yet waits for a
 * `drain` that never comes, without any deadline, so that one `kill -9` of a server can stop a commit or a result
 * for as long as the process lives. Here the end of a connection ends that wait; what waited then finds the
 * connection's error, and is retried or told like any other. To be removed once the driver does so itself:
 * `tests/lost-connection.test.ts` fails without it.
 */
export function endWaitingWrites(): void {
  const { Connection } = createRequire(import.meta.url)('mongodb/lib/cmap/connection.js')
  const prototype: DriverConnection & { [mended]?: true } = Connection.prototype
  if (prototype[mended]) return
  prototype[mended] = true
  const { cleanup } = prototype
  prototype.cleanup = function (this: DriverConnection, error) {
    cleanup.call(this, error)
    this.socket.write = () => {
      throw error
    }
    this.socket.emit('drain')
  }
}

import type { EventContract, EventOf } from '@heed/events'
import { traced } from '@heed/service'
import type { Msg, MsgHdrs } from 'nats'
import type { ConsumeDeps } from './consume.ts'
import { decodeEvent } from './decode.ts'

/** When the publisher told its caller of what the event says: ms since 1970. */
export const acknowledgedHeader = 'Heed-Acknowledged-At'

/** What came beside an event. */
export interface Heard {
  /** Null where the publisher did not say, such as for what it published again. */
  readonly acknowledgedAt: number | null
}

const accountToken = /^[A-Za-z0-9_-]{1,64}$/

/** The subject of one account, or of all with `*`; refuses what would be another subject. */
export function subjectOf(contract: EventContract, account: string): string {
  if (account !== '*' && !accountToken.test(account)) throw new RangeError('no account id')
  return contract.subject(account)
}

/**
 * Hands over each event as it arrives, at most once: what is published while this process is not connected
 * is not seen. What breaks the contract goes to `onMalformed` and is counted. A failing handler is logged.
 */
export function subscribeTo<Contract extends EventContract>(
  { connection, log, metrics }: ConsumeDeps,
  options: { contract: Contract; account: string; onMalformed?: () => void },
  handler: (event: EventOf<Contract>, heard: Heard) => Promise<void> | void,
): Disposable {
  const { contract } = options
  const failed = (err: unknown) => log.error({ event: contract.name, err }, 'event handler failed')
  const subscription = connection.nc.subscribe(subjectOf(contract, options.account), {
    callback: (error, message) => {
      if (error) return log.error({ event: contract.name, err: error }, 'subscription refused')
      const event = decodeEvent(contract, message.data)
      if (event === null) {
        metrics.malformed(contract.name)
        return options.onMalformed?.()
      }
      try {
        const heard = { acknowledgedAt: acknowledgedAt(message) }
        const from = sentBeside(message)
        const handled = traced(`hear ${contract.name}`, { kind: 'consumer', from }, () =>
          handler(event, heard),
        )
        void Promise.resolve(handled).catch(failed)
      } catch (err) {
        failed(err)
      }
    },
  })
  return { [Symbol.dispose]: () => subscription.unsubscribe() }
}

/** Reads what a message carries of its publisher's trace. */
export function sentBeside({ headers }: { headers?: MsgHdrs | undefined }) {
  return (name: string): string | undefined => headers?.get(name) || undefined
}

function acknowledgedAt({ headers }: Msg): number | null {
  const at = Number(headers?.get(acknowledgedHeader) || Number.NaN)
  return Number.isFinite(at) ? at : null
}

import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'
import type { Entry } from './entry.ts'

/** What a ledger row says of a person without naming them: it stands when number and message are erased. */
export interface Commitments {
  readonly number: string
  readonly message: string
}

/**
 * Commits to a number and to a message by the salt of its source. With the source erased, nobody can try all
 * numbers against a commitment, and the chain over the rows stays whole.
 */
export function commitmentsOf(salt: string, number: string, message: string): Commitments {
  return committer(salt, message)(number)
}

/** `commitmentsOf` for the numbers of one source: an import has one message and one salt for all of them. */
export function committer(salt: string, message: string): (number: string) => Commitments {
  // A key made once: made from its bytes for each hash it costs eight times the hash.
  const key = createSecretKey(Buffer.from(salt, 'hex'))
  const ofMessage = keyed(key, `message:${message}`)
  return (number) => ({ number: keyed(key, `number:${number}`), message: ofMessage })
}

const keyed = (key: KeyObject, text: string) => createHmac('sha256', key).update(text).digest('hex')

/** What stands before the first row of an account's chain. */
export function chainStart(accountId: string): string {
  return sha256(['heed-ledger-1', accountId])
}

/** The chain up to and with a row: a hash over the row and the chain of the row before it. */
export function chainLink(previous: string, entry: Entry, commitments: Commitments): string {
  return sha256([
    previous,
    entry.rev,
    entry.list,
    entry.op,
    entry.outcome,
    entry.src,
    entry.sentAt?.toISOString() ?? null,
    entry.carrierAccount ?? null,
    entry.texted === true,
    entry.at.toISOString(),
    commitments.number,
    commitments.message,
  ])
}

const sha256 = (parts: readonly unknown[]) => hash('sha256', JSON.stringify(parts), 'hex')

import { AccountId, PhoneNumber } from '@heed/phone'
import { refusalReason } from '@heed/rpc'
import { waitFor } from '@heed/testkit'
import { newRecipients, type System } from './system.ts'

export type Create = Parameters<System['broadcasts']['create']['mutate']>[0]
export interface Named {
  accountId: Create['accountId']
  broadcastId: string
}

export const named = ({ accountId, broadcastId }: Named): Named => ({ accountId, broadcastId })

/** The ids of an input, which was parsed. */
const branded = ({ accountId, from }: Create) => ({
  accountId: AccountId.parse(accountId),
  from: PhoneNumber.parse(from),
})

export const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error: unknown) => refusalReason(error),
  )

/** What an operator does, in the words of the tests. */
export function broadcastCalls(system: () => System) {
  const get = (broadcast: Named) => system().broadcasts.get.query(named(broadcast))
  return {
    get,
    async newBroadcast(count: number, more: Partial<Create> = {}) {
      const account = more.accountId ? {} : await system().newAccount()
      const input = { text: 'Sale today.', recipients: newRecipients(count), ...account, ...more } as Create
      const { broadcastId } = await system().broadcasts.create.mutate(input)
      return { ...input, recipients: input.recipients ?? [], ...branded(input), broadcastId }
    },
    start: (broadcast: Named) => system().broadcasts.start.mutate(named(broadcast)),
    finished: (broadcast: Named, timeoutMs = 15_000) =>
      waitFor(
        async () => {
          const now = await get(broadcast)
          return now.state === 'finished' ? now : null
        },
        { timeoutMs, what: 'the end of the broadcast' },
      ),
    async rowsOf(broadcast: Named) {
      const all = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await system().broadcasts.recipients.query({
          ...named(broadcast),
          limit: 500,
          ...(cursor ? { cursor } : {}),
        })
        all.push(...page.rows)
        cursor = page.nextCursor
      }
      return all
    },
  }
}

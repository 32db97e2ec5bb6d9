import type { AccountId } from '@heed/phone'
import type { Contact } from '../domain/contact.ts'
import { markOf } from '../domain/mark.ts'
import { derivedSource, type OwnStanding, toBlock, toLift } from '../domain/person-wide.ts'
import { liftOwnWords } from './lift-own-words.ts'
import type { Deps } from './use-cases.ts'

const cause = 'contact'
const note = 'The person opted in again with another of their numbers.'

/**
 * Follows what a person said from one number with their others, as the account has decided. It reads what stands and
 * may be repeated, by several copies at once: a derived opt-out has one source, made of the first one's, so that what
 * an admin has lifted stays lifted.
 */
export function bindPerson({ contacts, compliance }: Pick<Deps, 'contacts' | 'compliance'>) {
  const standingOf = async ({ a, _id, numbers }: Contact): Promise<OwnStanding[]> => {
    const [statuses, having] = await Promise.all([
      compliance.status(a, numbers),
      contacts.withNumbers(a, numbers),
    ])
    return statuses.map(({ number, blocks }) => {
      const own = blocks.find(({ list }) => list === 'own')
      return {
        number,
        blocked: own !== undefined,
        sources: own?.sources ?? [],
        held: own?.held ?? 0,
        shared: having.some((other) => other._id !== _id && other.numbers.includes(number)),
      }
    })
  }
  return {
    /** Contacts of one account. */
    async block(a: AccountId, several: readonly Contact[]): Promise<void> {
      const withOthers = several.filter(({ numbers }) => numbers.length > 1)
      if (withOthers.length === 0 || !(await compliance.bindsPerson(a))) return
      for (const contact of withOthers)
        for (const { number, from } of toBlock(await standingOf(contact))) {
          const source = derivedSource(contact._id, markOf(from, number))
          await compliance.optOut({ accountId: a, list: 'own', cause, source, numbers: [number] })
        }
    },

    /** Whatever the account has decided since: what was derived goes with what it was derived from. */
    async lift(contact: Contact): Promise<void> {
      if (contact.numbers.length < 2) return
      const ours = derivedSource(contact._id, '')
      for (const number of toLift(contact._id, await standingOf(contact)))
        await liftOwnWords(compliance, {
          a: contact.a,
          number,
          list: 'own',
          ours,
          sourcePrefix: ours,
          cause,
          note,
        })
    },
  }
}

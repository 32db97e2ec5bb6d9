import type { ContactChange } from '@heed/events'

const contactsMax = 100
/** Keeps an event under the megabyte that NATS takes by default, whatever letters the tags have. */
const tagsMax = 500

/** Changes in their order, in packs that fit an event each: up to 100 contacts with 500 tags together, or one contact. */
export function packsOf(changes: readonly ContactChange[]): ContactChange[][] {
  const packs: ContactChange[][] = []
  let pack: ContactChange[] = []
  let tags = 0
  for (const change of changes) {
    if (pack.length === contactsMax || (pack.length > 0 && tags + change.tags.length > tagsMax)) {
      packs.push(pack)
      pack = []
      tags = 0
    }
    pack.push(change)
    tags += change.tags.length
  }
  return pack.length === 0 ? packs : [...packs, pack]
}

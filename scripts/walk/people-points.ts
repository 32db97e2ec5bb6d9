import type { PhoneNumber } from '@heed/phone'
import type { Point } from './opt-out-points.ts'
import { type Account, insist, type World } from './world.ts'

/** 5. By hand: on the contact's profile, tick "SMS opt-out" of one of the numbers. */
export const byHand: Point = async (world, say) => {
  const account = await world.newAccount()
  const { accountId } = account
  const { contactId, number } = await world.newPerson(account)
  const { contacts } = world.clients.contacts
  const set = { accountId, contactId, number, optedOut: true, actor: 'kim' }
  const { outcome, effectiveBy } = await contacts.setSmsOptOut.mutate(set)
  const shown = (await contacts.get.query({ accountId, contactId })).standing[0]
  insist('the profile', [shown?.optOut, shown?.cause, shown?.actor], [true, 'manual', 'kim'])
  insist('a broadcast', (await world.broadcast(account, [number]))[0]?.state, 'suppressed')
  say(
    `ticked: "${outcome}", binds by ${effectiveBy}; the profile shows who and since when; no further action`,
  )
}

async function sendTo(world: World, account: Account, excludeTags: string[], list: string) {
  const { accountId, from } = account
  const audience = { listIds: [list], tags: [], excludeTags }
  const { broadcasts } = world.clients.campaign
  const text = 'Acme: half price.'
  const { broadcastId } = await broadcasts.create.mutate({ accountId, from, text })
  await broadcasts.addAudience.mutate({ accountId, broadcastId, audience })
  await broadcasts.start.mutate({ accountId, broadcastId })
  const { sequences } = world.clients.sequence
  const steps = [{ delayMs: 0, text: 'Welcome.' }]
  const { sequenceId } = await sequences.create.mutate({ accountId, from, steps })
  await sequences.enrolAudience.mutate({ accountId, sequenceId, audience })
  const rows = async () => [
    (await broadcasts.recipients.query({ accountId, broadcastId })).rows.map((row) => row.number),
    (await sequences.enrolments.query({ accountId, sequenceId })).rows.map((row) => row.number),
  ]
  return rows()
}

/** 6. Tags of the operator's own keep certain kinds of texts from people while others go on. */
export const tags: Point = async (world, say) => {
  const account = await world.newAccount()
  const { accountId } = account
  const kept = {
    DNC: await world.newPerson(account, { tags: ['DNC'] }),
    Blacklist: await world.newPerson(account, { tags: ['blacklist'] }),
    own: await world.newPerson(account, { tags: ['no promotions'] }),
  }
  const free = await world.newPerson(account, { tags: ['vip'] })
  const { listId } = await world.clients.contacts.lists.create.mutate({
    accountId,
    name: 'all',
    filter: { all: [] },
  })
  const excluded = ['DNC', 'Blacklist', 'No Promotions']
  for (const numbers of await sendTo(world, account, excluded, listId))
    insist('who is in', numbers, [free.number])
  say(`a broadcast and a sequence without ${excluded.join(', ')}: only who has none of them`)
  const [row] = await world.broadcast(account, [kept.own.number], 'Acme: your order is ready.')
  insist('another kind of text', row?.state, 'sent')
  say('who is kept from promotions still gets what does not exclude them')
}

/** 7. Contacts filter by DNC and opt-out, each `is` and `is not`. 8. The filter saved is a list that stays current. */
export const filters: Point = async (world, say) => {
  const account = await world.newAccount()
  const { accountId } = account
  const { contacts, lists } = world.clients.contacts
  const people = new Map<string, string>()
  const outNumbers: PhoneNumber[] = []
  for (const dnc of [true, false])
    for (const optOut of [true, false]) {
      const { contactId, number } = await world.newPerson(account)
      if (dnc) await contacts.setDnc.mutate({ accountId, contactId, dnc, note: 'asked' })
      if (optOut) await world.says(number, account, 'STOP')
      if (optOut && !dnc) outNumbers.push(number)
      people.set(`${dnc}/${optOut}`, contactId)
    }
  const found = async (filter: object) =>
    (await contacts.list.query({ accountId, filter } as never)).contacts.map(({ contactId }) => contactId)
  for (const dnc of [true, false])
    for (const optOut of [true, false]) {
      const filter = { all: [{ dnc }, { optOut }] }
      const expected = [people.get(`${dnc}/${optOut}`)]
      await world.until('the projection', async () => `${await found(filter)}` === `${expected}`)
      say(`DNC ${dnc ? 'is' : 'is not'}, opt-out ${optOut ? 'is' : 'is not'}: the one person`)
    }
  const wanted = { all: [{ dnc: false }, { optOut: true }] }
  const { listId } = await lists.create.mutate({ accountId, name: 'opted out, no DNC', filter: wanted })
  insist('the list', await found({ list: listId }), [people.get('false/true')])
  const late = await world.newPerson(account)
  await world.says(late.number, account, 'STOP')
  await world.until('the list has who opts out', async () => (await found({ list: listId })).length === 2)
  await world.says(outNumbers[0] as PhoneNumber, account, 'START')
  await world.until('the list lets go', async () => `${await found({ list: listId })}` === late.contactId)
  say('saved as a list it gains who opts out and loses who opts in, by itself')
}

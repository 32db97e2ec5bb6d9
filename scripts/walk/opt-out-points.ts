import type { PhoneNumber } from '@heed/phone'
import { insist, type World } from './world.ts'

export type Say = (line: string) => void
export type Point = (world: World, say: Say) => Promise<void>

/** 1. An opt-out prevents all future texts of the account, of every kind, and an agent sees why. */
export const everyKind: Point = async (world, say) => {
  const account = await world.newAccount()
  const person = await world.newPerson(account)
  const { number } = person
  await world.says(number, account, 'Stop texting me please')
  const before = (await world.phone(number)).length
  const told = {
    broadcast: (await world.broadcast(account, [number]))[0],
    sequence: (await world.sequence(account, [number]))[0],
    crm: await world.crm(account, number),
    agent: await world.agent(account, number),
  }
  for (const [kind, { state, reasons } = { state: 'none', reasons: [] }] of Object.entries(told)) {
    insist(kind, [state, reasons.map(({ reason }) => reason)], ['suppressed', ['opt-out']])
    say(`${kind}: suppressed, "opt-out"`)
  }
  insist('texts on the phone since', (await world.phone(number)).length - before, 0)
  const { accountId } = account
  const { allowed, reasons } = await world.clients.messages.compose.query({ accountId, number })
  insist('an agent may text', allowed, false)
  say(
    `before typing an agent sees: list "${reasons[0]?.list}", cause "${reasons[0]?.cause}", since ${reasons[0]?.since}`,
  )
}

/** 2. It is this account's alone, and neither reads nor changes other kinds of blocking. */
export const thisAccountAlone: Point = async (world, say) => {
  const [acme, beta] = [await world.newAccount(), await world.newAccount()]
  const { number, contactId } = await world.newPerson(acme)
  await world.says(number, acme, 'STOP')
  insist('the other account', (await world.broadcast(beta, [number]))[0]?.state, 'sent')
  say('after a STOP to Acme, Beta goes on texting the same phone')
  const { contacts } = world.clients.contacts
  const { accountId } = acme
  await contacts.setDnc.mutate({ accountId, contactId, dnc: true, note: 'asked at the counter' })
  const source = 'refusal-of-the-carrier'
  const carrier = { accountId, numbers: [number], list: 'carrier', cause: 'carrier-refusal', source }
  await world.clients.compliance.consent.optOut.mutate(carrier)
  await world.says(number, acme, 'START')
  const [row] = await world.broadcast(acme, [number])
  const reasons = row?.reasons.map(({ reason }) => reason).sort()
  insist('what a START leaves', [row?.state, reasons], ['suppressed', ['carrier-refusal', 'do-not-contact']])
  say('a START lifts the opt-out; the DNC and the refusal of the carrier stand, each with its own reason')
}

/** 3. Broadcasts and sequences carry opt-out instructions by themselves; for both the wording can be configured. */
export const instructions: Point = async (world, say) => {
  const account = await world.newAccount()
  const last = async (number: PhoneNumber) => (await world.phone(number)).at(-1)?.body ?? ''
  const texts = async () => {
    const [one, two] = [world.newNumber(), world.newNumber()]
    await world.broadcast(account, [one])
    await world.sequence(account, [two])
    await world.until('a text arrives', async () => (await last(two)) !== '')
    return [await last(one), await last(two)]
  }
  const usual = await texts()
  insist(
    'the usual wording',
    usual.map((text) => text.endsWith('Reply STOP to opt out')),
    [true, true],
  )
  say(`broadcast: "${usual[0]}", sequence: "${usual[1]}"`)
  const optOutInstruction = { broadcast: 'Text END to stop', sequence: 'Unsubscribe: QUIT' }
  const { accountId } = account
  await world.clients.compliance.accounts.settings.set.mutate({ accountId, settings: { optOutInstruction } })
  const own = await texts()
  insist(
    'the own wording',
    [own[0]?.endsWith('Text END to stop'), own[1]?.endsWith('Unsubscribe: QUIT')],
    [true, true],
  )
  say(`configured: "${own[0]}", "${own[1]}"`)
}

/** 4. STOP STOPALL UNSUBSCRIBE CANCEL END QUIT opt out; START YES UNSTOP opt in again. */
export const keywords: Point = async (world, say) => {
  const account = await world.newAccount()
  const [outs, ins] = [
    ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'],
    ['START', 'YES', 'UNSTOP'],
  ]
  await Promise.all(
    outs.map(async (word, at) => {
      const number = world.newNumber()
      await world.says(number, account, word)
      insist(`after ${word}`, await world.isOut(account, number), true)
      const back = ins[at % ins.length] ?? ''
      await world.says(number, account, back)
      insist(`after ${back}`, await world.isOut(account, number), false)
      insist(`a text after ${back}`, (await world.broadcast(account, [number]))[0]?.state, 'sent')
    }),
  )
  say(`${outs.join(' ')} opt out, ${ins.join(' ')} opt in, and a new text goes through`)
}

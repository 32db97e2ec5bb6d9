import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { Webhook } from 'standardwebhooks'
import { request } from 'undici'
import type { Clients } from '../demo/clients.ts'

export interface Account {
  readonly accountId: AccountId
  readonly from: PhoneNumber
}

const giveUpMs = 20_000

export type World = ReturnType<typeof worldOf>

/** What a point of the walk is told with: accounts, people, and the four ways in which a business texts them. */
export function worldOf(clients: Clients) {
  const newNumber = () => `+1555${randomInt(2_000_000, 9_999_999)}` as PhoneNumber
  const until = async (what: string, probe: () => Promise<boolean>) => {
    const deadline = performance.now() + giveUpMs
    while (!(await probe())) {
      if (performance.now() > deadline) throw new Error(`${what}: not within ${giveUpMs / 1_000} s`)
      await sleep(20)
    }
  }
  const phone = async (number: string, from?: string) =>
    (await clients.phone(number)).filter((text) => from === undefined || text.from === from)

  const world = {
    clients,
    newNumber,
    until,
    phone,

    async newAccount(): Promise<Account> {
      const accountId = `walk-${randomBytes(6).toString('hex')}` as AccountId
      const from = newNumber()
      await clients.compliance.accounts.create.mutate({ accountId, name: 'Acme' })
      await clients.compliance.accounts.addNumber.mutate({ accountId, number: from })
      await clients.routeReplies(from)
      return { accountId, from }
    },

    /** A person of contacts. */
    async newPerson(a: Account, more: { tags?: string[]; numbers?: PhoneNumber[] } = {}) {
      const numbers = more.numbers ?? [newNumber()]
      const created = await clients.contacts.contacts.create.mutate({
        accountId: a.accountId,
        numbers,
        tags: more.tags ?? [],
      })
      return { contactId: created.contactId, number: numbers[0] as PhoneNumber, numbers }
    },

    /** A person answers, and the webhook was answered. Carriers tell times in seconds: a START waits for the next. */
    async says(number: PhoneNumber, { from }: Account, word: string): Promise<void> {
      const second = Math.floor(Date.now() / 1_000)
      await until('the next second', async () => Math.floor(Date.now() / 1_000) > second)
      const { status } = await clients.reply(number, from, word)
      if (status !== 200) throw new Error(`the webhook was answered with ${status}`)
    },

    isOut: async ({ accountId }: Account, number: PhoneNumber) =>
      (await clients.compliance.consent.status.query({ accountId, numbers: [number] }))[0]?.state === 'out',

    /** The states of a broadcast to these numbers once it has finished. */
    async broadcast(
      { accountId, from }: Account,
      numbers: readonly PhoneNumber[],
      text = 'Acme: half price.',
    ) {
      const recipients = numbers.map((number) => ({ number }))
      const { broadcasts } = clients.campaign
      const { broadcastId } = await broadcasts.create.mutate({ accountId, from, text, recipients })
      await broadcasts.start.mutate({ accountId, broadcastId })
      await until(
        'a broadcast ends',
        async () => (await broadcasts.get.query({ accountId, broadcastId })).state === 'finished',
      )
      return (await broadcasts.recipients.query({ accountId, broadcastId })).rows
    },

    /** The states of a sequence's only step for these numbers. */
    async sequence({ accountId, from }: Account, numbers: readonly PhoneNumber[], text = 'Welcome to Acme.') {
      const { sequences } = clients.sequence
      const steps = [{ delayMs: 0, text }]
      const { sequenceId } = await sequences.create.mutate({ accountId, from, steps })
      const recipients = numbers.map((number) => ({ number }))
      await sequences.enrol.mutate({ accountId, sequenceId, recipients })
      const rows = async () => (await sequences.enrolments.query({ accountId, sequenceId })).rows
      await until('enrolments end', async () => (await rows()).every(({ state }) => state !== 'active'))
      return (await rows()).map(({ number, state, reasons }) => ({ number, state, reasons }))
    },

    /** What became of an agent's text. */
    async agent({ accountId, from }: Account, number: PhoneNumber) {
      const requestId = randomBytes(8).toString('hex')
      const text = 'Hi, Kim here.'
      const { messageId } = await clients.messages.send.mutate({ accountId, from, number, text, requestId })
      const message = () => clients.messages.get.query({ accountId, messageId })
      await until('a message ends', async () => (await message()).state !== 'waiting')
      return message()
    },

    /** What a CRM is answered that asks for a text, signed as its link says. */
    async crm({ accountId, from }: Account, number: PhoneNumber) {
      const { path, secret } = await clients.crm.connectWebhook.mutate({ accountId, from, name: 'CRM' })
      const body = JSON.stringify({ type: 'text.send', data: { number, text: 'Your table is ready.' } })
      const [id, at] = [randomBytes(8).toString('hex'), new Date()]
      const { body: answer } = await request(`${clients.url('crm')}${path}`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': new Webhook(secret).sign(id, at, body),
        },
      })
      const told = (await answer.json()) as { state: string; reasons: { reason: string }[] }
      if (told.state === 'waiting')
        await until('a text arrives', async () => (await phone(number)).length > 0)
      return told
    },
  }
  return world
}

/** Stops the walk where the product does not do as the point says. */
export function insist(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (is !== should) throw new Error(`${what}: ${is} instead of ${should}`)
}

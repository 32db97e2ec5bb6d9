import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountId, PhoneNumber } from '@heed/phone'
import { type Cast, castOf } from './cast.ts'
import type { Clients } from './clients.ts'
import { type Terminal, table } from './terminal.ts'

interface Told {
  clients: Clients
  terminal: Terminal
  stopping: AbortSignal
}

const pollMs = 20
const giveUpMs = 30_000

/**
 * Two accounts text a person that they share. She answers STOP to one of them: no text of that one reaches her from
 * then on, by broadcast or by sequence, and the other's go on. START lets new texts through.
 */
export async function tellStory(told: Told): Promise<void> {
  const cast = castOf()
  await openAccounts(told, cast)
  const running = await startSending(told, cast)
  const stoppedAt = await sayStop(told, cast, running)
  await untilAllIsTexted(told, running)
  await compareAccounts(told, cast, stoppedAt)
  await sayStart(told, cast)
  await showTable(told, cast)
}

async function openAccounts({ clients, terminal }: Told, { acme, beta }: Cast): Promise<void> {
  for (const { accountId, name, from } of [acme, beta]) {
    await clients.compliance.accounts.create.mutate({ accountId, name })
    await clients.compliance.accounts.addNumber.mutate({ accountId, number: from })
    await clients.routeReplies(from)
  }
  terminal.step(
    `two accounts, ${acme.name} and ${beta.name}, each with a business number; Maria is a customer of both`,
  )
}

interface Running {
  readonly broadcastId: string
  readonly acmeSequenceId: string
  readonly betaSequenceId: string
}

async function startSending(
  { clients, terminal, stopping }: Told,
  { acme, beta, maria, others }: Cast,
): Promise<Running> {
  const enrol = async (account: Cast['acme'], texts: string[], numbers: PhoneNumber[]) => {
    const { sequenceId } = await clients.sequence.sequences.create.mutate({
      accountId: account.accountId,
      from: account.from,
      steps: texts.map((text, at) => ({ text, delayMs: at === 0 ? 0 : 1_500 })),
    })
    const recipients = numbers.map((number) => ({ number }))
    await clients.sequence.sequences.enrol.mutate({ accountId: account.accountId, sequenceId, recipients })
    return sequenceId
  }
  const few = others.slice(0, 20)
  const acmeSequenceId = await enrol(
    acme,
    ['Welcome to Acme.', 'Did you see our boots?', 'Last call for boots.'],
    [maria, ...few],
  )
  const betaSequenceId = await enrol(
    beta,
    ['Your visit is on Monday.', 'Please bring your card.', 'See you on Monday.'],
    [maria],
  )
  terminal.step(`both enrol Maria in a sequence of three texts`)
  const { broadcastId } = await clients.campaign.broadcasts.create.mutate({
    accountId: acme.accountId,
    from: acme.from,
    text: 'Acme: boots are half price today.',
    recipients: [...others, maria].map((number) => ({ number })),
    ratePerSecond: 40,
  })
  await clients.campaign.broadcasts.start.mutate({ accountId: acme.accountId, broadcastId })
  terminal.step(
    `${acme.name} starts a broadcast to ${others.length + 1} people at 40 a second; Maria is the last of them`,
  )
  await until(stopping, async () => (await textsFrom(clients, maria, acme.from)).length > 0)
  const [first] = await textsFrom(clients, maria, acme.from)
  terminal.step(`Maria's phone: "${first?.body}"`)
  return { broadcastId, acmeSequenceId, betaSequenceId }
}

async function sayStop(
  { clients, terminal, stopping }: Told,
  { acme, maria }: Cast,
  running: Running,
): Promise<number> {
  const senders = ['campaign', 'sequence'] as const
  const before = await Promise.all(senders.map(clients.heard))
  const saidAt = performance.now()
  const { status, twiml } = await clients.reply(maria, acme.from, ' Stop. ')
  const boundFrom = performance.now()
  terminal.step(
    `Maria answers " Stop. "; the carrier's signed webhook is answered with ${status} after ${ms(boundFrom - saidAt)}`,
  )
  const confirmation = /<Message>(.*?)<\/Message>/s.exec(twiml)?.[1]
  terminal.step(`the one confirmation: "${confirmation ?? 'none'}"`)
  const byCampaign = until(stopping, async () => {
    const row = await broadcastRow(clients, acme.accountId, running.broadcastId, maria)
    return row?.state === 'suppressed'
  }).then(() => performance.now() - boundFrom)
  const bySequence = until(stopping, async () => {
    const page = await clients.sequence.sequences.enrolments.query({
      accountId: acme.accountId,
      sequenceId: running.acmeSequenceId,
      limit: 100,
    })
    return page.rows.find(({ number }) => number === maria)?.state === 'suppressed'
  }).then(() => performance.now() - boundFrom)
  const [campaignMs, sequenceMs] = await Promise.all([byCampaign, bySequence])
  const bound = await Promise.all(senders.map(clients.heard))
  const tookMs = bound.map((now, at) => ms(now.ms - (before[at]?.ms ?? 0)))
  terminal.step(
    `it binds both senders: campaign's gate had dropped her verdict ${tookMs[0]} after compliance had decided it, sequence's ${tookMs[1]} (the bound is 550 ms)`,
  )
  terminal.step(
    `what was waiting for her has ended: by campaign within ${ms(campaignMs)}, by sequence within ${ms(sequenceMs)}`,
  )
  const [status_] = await clients.compliance.consent.status.query({
    accountId: acme.accountId,
    numbers: [maria],
  })
  const block = status_?.blocks[0]
  terminal.step(
    `the blocklist: ${status_?.state}, list "${block?.list}", rev ${block?.rev}, cause "${block?.cause}"`,
  )
  return Date.now()
}

async function untilAllIsTexted({ clients, terminal, stopping }: Told, running: Running): Promise<void> {
  const cast = castOf()
  await until(stopping, async () => {
    const { state, counts } = await clients.campaign.broadcasts.get.query({
      accountId: cast.acme.accountId,
      broadcastId: running.broadcastId,
    })
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
    terminal.progress(total - counts.waiting, total, 'texted by the broadcast')
    return state === 'finished'
  })
  terminal.endProgress()
  await until(stopping, async () => (await textsFrom(clients, cast.maria, cast.beta.from)).length === 3)
}

async function compareAccounts(
  { clients, terminal }: Told,
  { acme, beta, maria }: Cast,
  stoppedAt: number,
): Promise<void> {
  const after = (texts: { receivedAt: string }[]) =>
    texts.filter(({ receivedAt }) => Date.parse(receivedAt) > stoppedAt)
  const [fromAcme, fromBeta] = [
    await textsFrom(clients, maria, acme.from),
    await textsFrom(clients, maria, beta.from),
  ]
  const late = after(fromAcme).length
  if (late > 0) throw new Error(`${late} texts of ${acme.name} reached Maria after her STOP`)
  terminal.step(
    `since her STOP Maria got ${late} texts of ${acme.name} and ${after(fromBeta).length} of ${beta.name}, whose sequence went on to its end`,
  )
}

async function sayStart({ clients, terminal, stopping }: Told, { acme, maria }: Cast): Promise<void> {
  // A carrier tells times in whole seconds: a START counts as later from the next second on.
  await sleep(1_100, undefined, { signal: stopping })
  const { status } = await clients.reply(maria, acme.from, 'START')
  const [now] = await clients.compliance.consent.status.query({ accountId: acme.accountId, numbers: [maria] })
  terminal.step(
    `Maria answers "START" (${status}): she is opted ${now?.state}; what was cancelled stays cancelled`,
  )
  const before = (await textsFrom(clients, maria, acme.from)).length
  const { broadcastId } = await clients.campaign.broadcasts.create.mutate({
    accountId: acme.accountId,
    from: acme.from,
    text: 'Acme: good to have you back.',
    recipients: [{ number: maria }],
  })
  await clients.campaign.broadcasts.start.mutate({ accountId: acme.accountId, broadcastId })
  await until(stopping, async () => (await textsFrom(clients, maria, acme.from)).length > before)
  terminal.step(`a new text goes through: "${(await textsFrom(clients, maria, acme.from)).at(-1)?.body}"`)
}

async function showTable({ clients, terminal }: Told, { acme, beta }: Cast): Promise<void> {
  const rows: (string | number)[][] = [
    ['account', 'what', 'sent', 'suppressed', 'of them opted out', 'failed', 'unknown'],
  ]
  for (const { accountId, name } of [acme, beta]) {
    const { broadcasts } = await clients.campaign.broadcasts.list.query({ accountId })
    for (const { broadcastId } of broadcasts) {
      const { counts } = await clients.campaign.broadcasts.get.query({ accountId, broadcastId })
      const page = await clients.campaign.broadcasts.recipients.query({
        accountId,
        broadcastId,
        limit: 1_000,
      })
      rows.push([
        name,
        'broadcast',
        counts.sent,
        counts.suppressed,
        optedOut(page.rows),
        counts.failed,
        counts.unknown,
      ])
    }
    const { sequences } = await clients.sequence.sequences.list.query({ accountId })
    for (const { sequenceId } of sequences) {
      const page = await clients.sequence.sequences.enrolments.query({ accountId, sequenceId, limit: 1_000 })
      const texts = page.rows.flatMap(({ steps }) => steps)
      const count = (state: string) => texts.filter((text) => text.state === state).length
      rows.push([
        name,
        'sequence',
        count('sent'),
        count('suppressed'),
        optedOut(texts),
        count('failed'),
        count('unknown'),
      ])
    }
  }
  terminal.heading('What became of every text')
  terminal.plain(table(rows))
}

const optedOut = (rows: readonly { reasons: readonly { list?: string | undefined }[] }[]) =>
  rows.filter(({ reasons }) => reasons.some(({ list }) => list === 'own')).length

async function broadcastRow(clients: Clients, accountId: AccountId, broadcastId: string, number: string) {
  const page = await clients.campaign.broadcasts.recipients.query({ accountId, broadcastId, limit: 1_000 })
  return page.rows.find((row) => row.number === number)
}

async function textsFrom(clients: Clients, phone: string, from: string) {
  return (await clients.phone(phone)).filter((text) => text.from === from)
}

const ms = (duration: number) => `${duration.toFixed(duration < 10 ? 1 : 0)} ms`

async function until(stopping: AbortSignal, probe: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + giveUpMs
  while (!(await probe())) {
    stopping.throwIfAborted()
    if (performance.now() > deadline) throw new Error(`nothing happened for ${giveUpMs / 1000} s`)
    await sleep(pollMs)
  }
}

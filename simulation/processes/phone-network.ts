import { signWebhook, TwilioError, type TwilioMessage } from '@heed/twilio'
import type { Carrier } from '../../apps/inbound-sms/src/clients/carrier.ts'
import type { Act } from '../scenario/plan.ts'
import type { PersonText } from '../world/history.ts'
import { type Machine, wallZero } from '../world/machine.ts'
import type { World } from '../world/world.ts'

export const carrierAccount = 'AC1'
export const carrierToken = 'simulated'
export const publicUrl = 'https://inbound.example'
const path = '/webhooks/twilio'

const words = { stop: 'STOP', start: 'START', yes: 'YES', help: 'HELP', chat: 'hello' } as const
const readAs = { stop: 'STOP', start: 'START', yes: undefined, help: 'HELP', chat: undefined } as const

/** The carrier's side of people's texts: it takes them in, pushes them, late and in any order, and lists them. */
export interface PhoneNetwork {
  take(act: Extract<Act, { kind: PersonText['kind'] }>): void
  /** The carrier's API, as a process reaches it. */
  apiFor(machine: Machine): Carrier
  /** The API answers nothing until then. */
  silentUntil: number
}

export function phoneNetwork(world: World, machine: Machine): PhoneNetwork {
  const { agenda, random, history, plan, network } = world
  machine.start()

  const take = (act: Parameters<PhoneNetwork['take']>[0]) => {
    const to = act.isLate && plan.lateNumber ? plan.lateNumber.number : plan.businessNumbers[act.account]
    // To the second, by the carrier's own clock.
    const second = Math.floor((wallZero + agenda.now + plan.carrierAheadMs) / 1_000) * 1_000
    const text: PersonText = {
      id: act.id,
      kind: act.kind,
      from: plan.numbers[act.number] as string,
      to: to as string,
      isReadByCarrier: act.isRead,
      takenAt: agenda.now,
      second,
      acceptedAt: null,
    }
    history.personTexts.push(text)
    const pushes = plan.hasList && random.chance(0.15) ? 0 : random.chance(0.2) ? 2 : 1
    for (let n = 0; n < pushes; n++)
      push(text, random.chance(0.7) ? random.between(0, 20) : random.between(0, 2_500), 0)
  }

  const tell = (to: string, from: string, source: string | null, body: string | undefined) => {
    if (body !== undefined) history.replies.push({ at: agenda.now, to, from, source, body })
  }

  const push = (text: PersonText, delayMs: number, tries: number) =>
    machine.later(delayMs, () => {
      const again = () => {
        if (tries < 2 && random.chance(0.7)) push(text, random.between(100, 1_500), tries + 1)
      }
      const target = random.pick(world.inbounds)
      let isOver = false
      const end = (status: number) => {
        if (isOver) return
        isOver = true
        if (status !== 200) again()
      }
      machine.later(3_000, () => end(0))
      network
        .call(machine, target.machine, async () => {
          history.pushed.push({ at: agenda.now, source: text.id, machine: target.machine.name })
          const answered = await target.webhook(request(text))
          if (answered.status === 200) {
            text.acceptedAt ??= agenda.now
            tell(text.from, text.to, text.id, /<Message>(.*)<\/Message>/.exec(answered.body)?.[1])
          }
          return answered.status
        })
        .then(end, () => end(0))
    })

  const resource = ({ id, from, to, kind, second }: PersonText): TwilioMessage => ({
    sid: id,
    dateCreated: new Date(second),
    direction: 'inbound',
    from,
    to,
    body: words[kind],
    status: 'received',
    errorCode: null,
  })
  /** A message is shown a little after it was taken in. */
  const shown = () => history.personTexts.filter(({ takenAt }) => takenAt <= agenda.now - 200)

  const apiFor = (asker: Machine): Carrier => {
    const timers = asker.timers()
    const wait = (ms: number) => new Promise<void>((resolve) => timers.after(ms, resolve))
    const reach = async () => {
      await wait(random.chance(0.05) ? random.between(50, 600) : random.between(0.5, 5))
      const isDown = agenda.now < self.silentUntil || (agenda.now < plan.healAt && random.chance(0.03))
      if (isDown) throw new TwilioError('unreachable')
    }
    return {
      async fetchMessage(sid) {
        await reach()
        const found = shown().find(({ id }) => id === sid)
        return found ? resource(found) : null
      },
      async *listMessages({ to, dateSentAfter } = {}) {
        await reach()
        const found = shown().filter(
          (text) => plan.hasList && text.to === to && text.second >= (dateSentAfter?.getTime() ?? 0),
        )
        yield* found.reverse().map(resource)
      },
      async text({ from, to, body }) {
        await reach()
        tell(to, from, null, body)
        return 'accepted'
      },
      async [Symbol.asyncDispose]() {},
    }
  }
  const self: PhoneNetwork = { take, apiFor, silentUntil: 0 }
  return self
}

function request({ id, from, to, kind, isReadByCarrier }: PersonText) {
  const read = isReadByCarrier ? readAs[kind] : undefined
  const params = {
    MessageSid: id,
    AccountSid: carrierAccount,
    From: from,
    To: to,
    Body: words[kind],
    ...(read ? { OptOutType: read } : {}),
  }
  const signature = signWebhook({ authToken: carrierToken, url: publicUrl + path, params })
  const body = Buffer.from(new URLSearchParams(params).toString())
  return { url: path, headers: { 'x-twilio-signature': signature }, body }
}

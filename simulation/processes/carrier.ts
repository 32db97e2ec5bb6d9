import { lateAfterMs, redeem } from '@heed/clearance'
import type { AtGate, Carrier, CarrierText, HandOver } from '@heed/outbound'
import type { Machine } from '../world/machine.ts'
import type { World } from '../world/world.ts'

/** What the carrier did with an attempt, as only the carrier knows it. */
export interface CarrierRecord {
  readonly textId: string
  readonly attemptId: string
  readonly account: string
  readonly number: string
  readonly at: number
  /** `refused` excludes that the text was taken. */
  readonly did: 'took' | 'refused'
}

const answerWithinMs = 1_500

/** A connection to the carrier: it takes time to come up, its answers come late or never. */
export function simulatedCarrier(world: World, machine: Machine): Carrier {
  const { agenda, random, plan, history } = world
  const timers = machine.timers()
  const sleep = (ms: number) => new Promise<void>((resolve) => timers.after(ms, resolve))

  const handOver = async (text: CarrierText, atGate: AtGate): Promise<HandOver> => {
    await sleep(random.between(0.1, plan.connectMaxMs))
    const isBusy = agenda.now < plan.healAt
    if (isBusy && random.chance(0.05)) return { outcome: 'unreachable', cause: new Error('no connection') }
    const gatedMono = machine.clock.monoMs()
    let basis: { epoch: string; rev: number; gatedAt: number } | null = null
    const result = atGate((clearance) => {
      redeem(clearance, text)
      basis = clearance
      const { epoch, rev } = clearance
      const textId = text.attemptId.slice(0, text.attemptId.lastIndexOf('.'))
      const writeByte = () => {
        const mono = machine.clock.monoMs()
        const who = { sender: machine.name, life: machine.life, account: text.accountId, number: text.number }
        history.firstBytes.push({
          at: agenda.now,
          order: agenda.count,
          mono,
          ...who,
          textId,
          attemptId: text.attemptId,
          epoch,
          rev,
        })
      }
      if (plan.pauseAfterGateMs > 0) machine.later(plan.pauseAfterGateMs, writeByte)
      else writeByte()
    })
    if (result.outcome === 'hold') return { outcome: 'held', why: result.why }
    if (result.outcome === 'suppressed') return result
    const tookMs = machine.clock.monoMs() - gatedMono
    const { epoch, rev, gatedAt } = (basis ?? result.clearance) as typeof result.clearance
    const written = { epoch, rev, gatedAt, writtenAt: gatedAt + tookMs, late: tookMs > lateAfterMs }
    return answer(text, written)
  }

  const answer = async (
    text: CarrierText,
    basis: Extract<HandOver, { outcome: 'accepted' }>['basis'],
  ): Promise<HandOver> => {
    const did = random.chance(0.1) ? 'refused' : 'took'
    const { attemptId, accountId: account, number } = text
    const textId = attemptId.slice(0, attemptId.lastIndexOf('.'))
    history.carried.push({ textId, attemptId, account, number, at: agenda.now, did })
    const isTold = agenda.now >= plan.healAt || !random.chance(0.05)
    await sleep(isTold ? random.between(0.5, 60) : answerWithinMs)
    if (!isTold) return { outcome: 'unknown', why: 'no-answer', basis }
    if (did === 'took') return { outcome: 'accepted', providerId: `SM${attemptId}`, basis }
    return {
      outcome: 'refused',
      code: 30_001,
      httpStatus: 429,
      optedOut: false,
      retryable: true,
      retryAfterMs: 200,
      basis,
    }
  }
  return { handOver, async [Symbol.asyncDispose]() {} }
}

import type { Agenda } from './agenda.ts'
import type { Machine } from './machine.ts'
import type { Random } from './random.ts'

export interface Network {
  /** Messages between these two are lost, both ways, until `heal`. */
  cut(a: string, b: string): void
  heal(): void
  isLinked(a: string, b: string): boolean
  /** Share of messages that are lost, and of those that are slow. */
  lossShare: number
  slowShare: number
  tripMs(): number
  /**
   * Asks another process. It may be asked though the answer is lost; a promise whose answer is lost stays open,
   * as it does where a connection hangs, and deadlines are the caller's.
   */
  call<Answer>(from: Machine, to: Machine, run: () => Promise<Answer>): Promise<Answer>
}

export function network(agenda: Agenda, random: Random, usuallySlow: number): Network {
  const cuts = new Set<string>()
  const key = (a: string, b: string) => (a < b ? `${a}|${b}` : `${b}|${a}`)
  const self: Network = {
    lossShare: 0,
    slowShare: usuallySlow,
    cut: (a, b) => void cuts.add(key(a, b)),
    heal() {
      cuts.clear()
      self.lossShare = 0
      self.slowShare = usuallySlow
    },
    isLinked: (a, b) => cuts.size === 0 || !cuts.has(key(a, b)),
    tripMs: () => (random.chance(self.slowShare) ? random.between(5, 300) : random.between(0.1, 0.7)),
    call: (from, to, run) =>
      new Promise((resolve, reject) => {
        const isLost = () => random.chance(self.lossShare) || !self.isLinked(from.name, to.name)
        const answered = from.bind(resolve)
        const failed = from.bind(reject)
        const back = (tell: () => void) => {
          if (!isLost()) agenda.at(agenda.now + self.tripMs(), tell)
        }
        if (isLost()) return
        agenda.at(agenda.now + self.tripMs(), () => {
          if (!to.isUp) return back(() => failed(new Error('connection refused')))
          to.later(0, () =>
            run().then(
              (answer) => back(() => answered(answer)),
              (error) => back(() => failed(error)),
            ),
          )
        })
      }),
  }
  return self
}

import { type Figure, newAccount, newNumbers } from '../figure.ts'
import { timed } from '../measure.ts'
import { startSender } from '../processes/start-process.ts'
import { usageOf } from '../usage.ts'

const accounts = 1_000
const seconds = 10

/** One sender of a thousand accounts, each texting once a second at an instant of its own. */
export const sendersFigure: Figure = {
  name: 'checks for 1,000 accounts at one text a second each',
  bound: 'one call of clearance.check for the texts that fall due together, at most every 50 ms',
  async measure(bench) {
    const ids: string[] = []
    await timed({
      count: accounts,
      inFlight: 32,
      call: async () => ids.push((await newAccount(bench)).accountId),
    })
    const texts = newNumbers(accounts).map((number, index) => ({ accountId: ids[index] ?? '', number }))
    await using sender = await startSender(bench.system)
    const usage = usageOf([
      { name: 'sender', pid: sender.pid },
      ...bench.system.processes.filter(({ name }) => name === 'compliance'),
    ])
    // The first seconds compile code, which a service does once.
    await sender.send(texts, 3)
    const { result, ms } = await usage.during(1, () => sender.send(texts, seconds))
    const share = (name: string) => (ms?.[name] ?? Number.NaN) / (result.elapsedMs / 100)
    const row = (what: string, name: string) => ({
      what,
      value: share(name),
      unit: '% of a core',
      target: { atMost: 10 },
    })
    return {
      rows: [
        row('the sender', 'sender'),
        row('compliance', 'compliance'),
        {
          what: 'texts let through',
          value: result.passed / (result.elapsedMs / 1_000),
          unit: '/s',
          // Where the machine is too busy to answer within a lease, the shares above are of less work.
          target: { atLeast: accounts * 0.95 },
        },
        { what: 'calls of clearance.check', value: result.calls / (result.elapsedMs / 1_000), unit: '/s' },
        { what: 'due to let through, p50', value: result.p50, unit: 'ms' },
        { what: 'due to let through, p99', value: result.p99, unit: 'ms' },
      ],
    }
  },
}

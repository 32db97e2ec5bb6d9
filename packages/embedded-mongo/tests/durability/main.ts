import { parseArgs } from 'node:util'
import { killRounds } from './kill-rounds.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '1000' }, minutes: { type: 'string', default: '600' } },
})
const startedAt = performance.now()
const secondsSince = () => Math.round((performance.now() - startedAt) / 1_000)
const isTimeUp = () => secondsSince() >= 60 * Number(values.minutes)
const report = await killRounds(Number(values.kills), isTimeUp)
process.stdout.write(`${JSON.stringify({ what: 'embedded-mongo', ...report, seconds: secondsSince() })}\n`)
process.exitCode = report.wrong.length === 0 ? 0 : 1

import { parseArgs } from 'node:util'
import { killRounds as killJournal } from '../apps/inbound-sms/tests/durability/kill-rounds.ts'
import { killRounds as killDatabase } from '../packages/embedded-mongo/tests/durability/kill-rounds.ts'

/**
 * Kills the embedded database, then the journal of inbound-sms, so many times each under load. One line of JSON
 * for each; exit code 1 where anything acknowledged was missing, or anything else was half there.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '600' },
    only: { type: 'string' },
  },
})
const parts = { 'embedded-mongo': killDatabase, journal: killJournal }
for (const [what, killRounds] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== what) continue
  const startedAt = performance.now()
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000)
  const report = await killRounds(Number(values.kills), () => seconds() >= 60 * Number(values.minutes))
  console.log(JSON.stringify({ what, ...report, seconds: seconds() }))
  if (report.wrong.length > 0) process.exitCode = 1
}

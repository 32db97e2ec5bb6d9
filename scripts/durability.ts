import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'

const parts = ['packages/embedded-mongo', 'apps/inbound-sms']

/**
 * Kills the embedded database, then the journal of inbound-sms, so many times each under load. One line of JSON
 * for each; exit code 1 where anything acknowledged was missing, or anything else was half there.
 */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '1000' }, minutes: { type: 'string', default: '600' } },
})
for (const part of parts) {
  const args = [`${part}/tests/durability/main.ts`, '--kills', values.kills, '--minutes', values.minutes]
  const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')
  if (code !== 0) process.exitCode = 1
}

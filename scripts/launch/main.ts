import { parseArgs } from 'node:util'
import { z } from 'zod'
import { openTerminal } from '../demo/terminal.ts'
import { launch } from './launch.ts'

// Run by `npm run launch -- --recipients 100000`: one large broadcast on a system of its own, with STOPs, kills of both
// copies of campaign and restarts of NATS while it goes out, and what became of every recipient.

const Options = z.strictObject({
  recipients: z.coerce.number().int().min(100).max(2_000_000).default(100_000),
  /** The share of recipients who text STOP while it goes out. */
  stops: z.coerce.number().min(0).max(1).default(0.01),
  /** Nothing is killed. */
  calm: z.boolean().default(false),
  /** The share after which it is cancelled: what is asked may be how it begins. */
  until: z.coerce.number().gt(0).max(2).default(2),
})

const terminal = openTerminal(process.stdout)
const { values } = parseArgs({
  options: {
    recipients: { type: 'string' },
    stops: { type: 'string' },
    calm: { type: 'boolean' },
    until: { type: 'string' },
  },
})
try {
  const { violations, ...figures } = await launch(Options.parse(values), terminal)
  terminal.heading('Report')
  for (const [name, value] of Object.entries(figures)) terminal.plain(`  ${name.padEnd(28)} ${value}`)
  terminal.plain(JSON.stringify({ ...figures, violations: violations.length }))
  for (const violation of violations.slice(0, 20)) console.error(violation)
  if (violations.length > 0) process.exitCode = 1
} catch (error) {
  console.error(error instanceof Error ? error.stack : error)
  process.exitCode = 1
}

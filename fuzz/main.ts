import { parseArgs } from 'node:util'
import { runFuzz } from './run.ts'

// Run by `npm run fuzz [-- --bodies N --seed S]`: malformed bodies at the carrier's door. The last line is JSON; a
// violation exits with 1.

const { values } = parseArgs({
  options: { bodies: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
})
const report = await runFuzz({ bodies: Number(values.bodies), seed: Number(values.seed), say: console.log })
for (const violation of report.violations.slice(0, 20)) console.log(violation)
console.log(JSON.stringify({ ...report, violations: report.violations.length }))
process.exitCode = report.violations.length === 0 ? 0 : 1

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { stopSignal, untilAborted } from '@heed/local-stack'
import { reportOf, summaryOf } from './report.ts'
import { type Outcome, runChaos } from './run.ts'

// Run by `npm run chaos [-- --minutes M --seed S --load L --report FILE --log FILE]`: the real processes, harmed as the seed
// says while people say STOP; then a page that says what held. The last line is for programs.

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    load: { type: 'string', default: '1' },
    report: { type: 'string' },
    log: { type: 'string' },
  },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed)
const load = Number(values.load)
if (
  !(minutes >= 0.3 && minutes <= 600) ||
  !Number.isSafeInteger(seed) ||
  seed < 0 ||
  !(load > 0 && load <= 10)
)
  throw new RangeError('--minutes takes 0.3 to 600, --seed a whole number, --load up to 10')

const stopping = stopSignal()
const began = performance.now()
const sink = (line: string, name: string) => {
  if (values.log) appendFileSync(values.log, `${new Date().toISOString()} ${name}: ${line}\n`)
}
const minute = setInterval(() => {
  console.log(`after ${Math.round((performance.now() - began) / 1_000)} s it goes on`)
}, 60_000)

console.log(`seed ${seed}: ${minutes} minutes of faults, then about two until all is quiet and judged`)
const outcome: Outcome | null = await Promise.race([
  runChaos({ seed, lengthMs: minutes * 60_000, load, sink }),
  untilAborted(stopping.signal).then(() => null),
])
clearInterval(minute)
// Told to stop, this process leaves its children to their reaper.
if (!outcome) process.exit(130)
const report = reportOf(outcome)
const file = values.report ?? `.heed/chaos/seed-${seed}.txt`
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, report)
console.log(report)
console.log(`the page is in ${file}`)
const summary = summaryOf(outcome)
console.log(JSON.stringify(summary))
process.exit(summary.violations === 0 ? 0 : 1)

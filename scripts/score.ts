import { readFileSync } from 'node:fs'
import { type Labelled, score } from '@heed/keywords/score'

// Run by `npm run score -- FILE.json`: how well consent is read in the labelled messages of a file, each miss on a line,
// the rates as JSON on the last.

const path = process.argv[2]
if (path === undefined) {
  console.error('usage: npm run score -- FILE.json   (a list of {text, lang, expect, why, accept?})')
  process.exit(2)
}
const { misses, ...rates } = score(JSON.parse(readFileSync(path, 'utf8')) as Labelled[])
for (const { text, lang, expect, heard, rule } of misses)
  console.log(`${lang}  ${expect} was heard as ${heard} (${rule}): ${JSON.stringify(text)}`)
console.log(`
exact keywords            ${told(rates.exact)}
free text                 ${told(rates.freeText)}
opt-in and help           ${told(rates.optInAndHelp)}
wrongly suppressed        ${told(rates.wronglySuppressed)}
  of negations, reactions ${told(rates.wronglySuppressedOpposites)}`)
console.log(JSON.stringify(rates))

function told({ count, of, rate }: { count: number; of: number; rate: number }): string {
  return `${(rate * 100).toFixed(1).padStart(6)} %  (${count} of ${of})`
}

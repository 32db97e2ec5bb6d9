import type { QuietHoursRule, QuietHoursTable } from '@heed/quiet-hours'

const days = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const time = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

const introduction = `# Quiet hours and caps

Both are off until an account's settings turn them on: \`quietHours: 'on'\`, and \`caps: [{"texts": 3, "hours": 24}]\`. They
hold broadcasts, sequences, texts of apps (\`api\`) and of CRMs (\`crm\`); an agent's own words, answers and test sends keep
no hours and count for no cap. This table is data for your lawyers to check, with its sources; it is no legal advice.

- A text outside its hours waits for the first minute that every rule allows in every zone where its person may be. Its row
  says so (\`held: {by, until}\`), and \`broadcasts.whatIf\` tells before a broadcast begins.
- Where a person is: the ZIP code and time zone that a contact or a recipient has; without a ZIP the number's area code
  tells the state. Where they disagree both are kept. Where no state is known \`us-any\` stands in, and without a zone every
  zone of the country.
- A text must be allowed in the minute after, too, because it may go out that much later than it was judged.
- A cap counts what all services let go to a number, in a window that rolls; a text that is let go and then not handed over
  counts as well. With \`quietHours: 'on'\` the caps of this table hold besides the account's own.
`

/** The table as people read it. */
export function quietHoursPage({ version, rules }: QuietHoursTable): string {
  const rows = rules.map(
    (rule) =>
      `| \`${rule.id}\` | ${rule.jurisdiction} | ${hoursOf(rule)} | ${rule.cap ? `${rule.cap.texts} in ${rule.cap.hours} h` : '–'} | ${rule.source} | ${rule.confidence} |`,
  )
  return [
    introduction,
    `## The table, version ${version}\n`,
    '| rule | where | texts may go out, local time | cap | source | confidence |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '`primary`: read in the law itself. `secondary`: in a summary of it. `unverified`: sources disagree or only one tells.',
    '',
  ].join('\n')
}

function hoursOf({ windows, closedOn }: QuietHoursRule): string {
  const told = windows.map(({ days: on, from, to }) => {
    const hours = `${time(from)}–${time(to)}`
    return on.length === 7 ? hours : `${on.map((day) => days[day]).join(' ')} ${hours}`
  })
  return `${told.join('; ')}${closedOn ? `; no holidays (${closedOn})` : ''}`
}

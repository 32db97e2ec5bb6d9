import { alarmCatalogue } from '@heed/service'

/** The table of alarms in docs/operations.md, from the catalogue that the services raise them by. */
export function alarmsSection(): string {
  const rows = Object.entries(alarmCatalogue).map(
    ([name, { line, premise, todo }]) => `| \`${name}\` | ${line} | ${premise} | ${todo} |`,
  )
  return ['| alarm | the line | what it rests on | what you do |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  )
}

const begin = '<!-- alarms: written by npm run docs -->'
const end = '<!-- end of alarms -->'

/** The page with its section of alarms made anew; a page without the markers is an error. */
export function withAlarms(page: string): string {
  const from = page.indexOf(begin)
  const to = page.indexOf(end)
  if (from < 0 || to < from) throw new Error('docs/operations.md has no place for the alarms')
  return `${page.slice(0, from)}${begin}\n${alarmsSection()}\n${page.slice(to)}`
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { table } from '../scripts/demo/terminal.ts'
import type { Measured, Row } from './figure.ts'
import { amount, isMet, ratioOf, targetText } from './judge.ts'

export interface Result extends Measured {
  readonly key: string
  readonly name: string
  readonly bound: string
}

/** One figure as the terminal and the page show it. */
export function resultText({ name, bound, rows, cpu }: Result): string {
  const lines = [['', 'figure', 'its limit, same run', 'ratio', 'target', ''], ...rows.map(cellsOf)]
  const costs = cpu
    ? `\n  CPU ms for one ${cpu.per}: ${Object.entries(cpu.ms)
        .filter(([, ms]) => ms >= 0.0005)
        .map(([process, ms]) => `${process} ${ms.toPrecision(2)}`)
        .join(', ')}`
    : ''
  return `${name}\n${table(lines)}\n  bounded by: ${bound}${costs}`
}

function cellsOf(row: Row): string[] {
  const ratio = ratioOf(row)
  const met = isMet(row)
  return [
    row.what,
    `${amount(row.value)} ${row.unit}`,
    row.limit ? `${amount(row.limit.value)} ${row.unit} (${row.limit.what})` : '',
    ratio === null ? '' : `${ratio.toFixed(2)}x`,
    targetText(row),
    met === null ? '' : met ? 'met' : 'NOT MET',
  ]
}

/** Writes the run twice: for programs and for people. Returns the path without its ending. */
export function recordRun(run: { machine: Record<string, string>; results: readonly Result[] }): string {
  const path = `bench/results/${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`
  mkdirSync('bench/results', { recursive: true })
  const judged = run.results.map((result) => ({
    ...result,
    rows: result.rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) })),
  }))
  writeFileSync(`${path}.json`, `${JSON.stringify({ machine: run.machine, results: judged }, null, 2)}\n`)
  const page = [factsText(run.machine), ...run.results.map(resultText)].join('\n\n')
  writeFileSync(`${path}.txt`, `${page}\n`)
  return path
}

export function factsText(machine: Record<string, string>): string {
  return Object.entries(machine)
    .map(([fact, value]) => `${fact}: ${value}`)
    .join(' · ')
}

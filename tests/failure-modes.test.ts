import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repository } from '@heed/local-stack'
import { expect, test } from 'vitest'

const page = join(repository, 'docs/failure-modes.md')

interface Line {
  readonly breaks: string
  /** What the last cell names: a file, and the title of a test in it. */
  readonly tests: readonly { readonly file: string; readonly title: string }[]
  readonly cells: number
}

const named = /\[[^\]]+\]\(([^)]+)\) (?:`` (.+?) ``|`([^`]+)`)/g

function lines(): Line[] {
  const rows = readFileSync(page, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '))
  return rows
    .map((row) => row.replace(/^\| | \|$/g, '').split(' | '))
    .filter(([first]) => first !== 'what breaks' && !first?.startsWith('---'))
    .map((cells) => ({
      breaks: cells[0] ?? '',
      cells: cells.length,
      tests: [...(cells.at(-1) ?? '').matchAll(named)].map(([, file = '', withCode, plain]) => ({
        file: join(dirname(page), file),
        title: withCode ?? plain ?? '',
      })),
    }))
}

/** Whether a file has a test of just this title. */
function hasTest(file: string, title: string): boolean {
  const source = readFileSync(file, 'utf8')
  return [`'${title}'`, `"${title}"`].some((literal) => {
    const at = source.indexOf(`${literal},`)
    return at >= 0 && /(?:test|\))\(\s*$/.test(source.slice(0, at))
  })
}

test('every line of the failure modes says what breaks, what happens, what to do, and names a test', () => {
  const all = lines()
  expect(all.length).toBeGreaterThan(50)
  expect(
    all.filter(({ cells, tests }) => cells !== 4 || tests.length === 0).map(({ breaks }) => breaks),
  ).toEqual([])
})

test('every test that the failure modes name exists, by its exact title', () => {
  const missing = lines().flatMap(({ tests }) => tests.filter(({ file, title }) => !hasTest(file, title)))
  expect(missing).toEqual([])
})

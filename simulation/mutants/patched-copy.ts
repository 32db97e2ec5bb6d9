import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { CodeMutant, Mutant } from './mutant.ts'

const root = join(import.meta.dirname, '..', '..')
const copied = ['packages', 'apps/compliance', 'apps/inbound-sms', 'simulation'] as const
const left = new Set(['node_modules', 'tests', 'dist'])

/** The patch does not fit the code any more: whoever changed the code looks at the mutant, too. */
export class PatchError extends Error {
  override name = 'PatchError'
}

/**
 * A copy of the code with one mutant's patch in it, removed when disposed of. Its own node_modules comes first and
 * holds links to the copied packages; everything else is found further up, in the repository's.
 */
export function patchedCopy(mutant: CodeMutant): Disposable & { readonly directory: string } {
  const problem = patchProblem(mutant)
  if (problem !== null) throw new PatchError(problem)
  const directory = join(root, '.heed', 'mutants', `${mutant.id}-${process.pid}`)
  rmSync(directory, { recursive: true, force: true })
  for (const part of copied) {
    cpSync(join(root, part), join(directory, part), {
      recursive: true,
      filter: (source) => !left.has(source.split('/').at(-1) ?? '') && !source.endsWith('.test.ts'),
    })
  }
  cpSync(join(root, 'package.json'), join(directory, 'package.json'))
  const links = join(directory, 'node_modules', '@heed')
  mkdirSync(links, { recursive: true })
  for (const group of ['packages', 'apps']) {
    for (const name of readdirSync(join(directory, group)))
      symlinkSync(join('..', '..', group, name), join(links, name))
  }
  for (const patch of patchesOf(mutant)) {
    const file = join(directory, patch.file)
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(patch.find, () => patch.replace),
    )
  }
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) }
}

/** Why a patch does not fit the code; null where its text stands exactly once. */
export function patchProblem(mutant: Mutant): string | null {
  if ('world' in mutant) return null
  for (const { file, find } of patchesOf(mutant)) {
    const path = join(root, file)
    if (!existsSync(path)) return `${mutant.id}: there is no ${file}`
    const times = readFileSync(path, 'utf8').split(find).length - 1
    if (times !== 1) return `${mutant.id}: its text stands ${times} times in ${file}`
  }
  return null
}

const patchesOf = (mutant: CodeMutant) => [mutant, ...(mutant.also ?? [])]

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { table } from '../../scripts/demo/terminal.ts'
import { nodeFlags } from '../node-flags.ts'
import type { Totals } from '../totals.ts'
import { allMutants } from './all-mutants.ts'
import type { Mutant } from './mutant.ts'
import { PatchError, patchedCopy } from './patched-copy.ts'

export interface Trial {
  readonly mutant: Mutant
  /** After how many seeds it was caught, and by which invariant; null: it survived. */
  readonly caught: { readonly seeds: number; readonly by: string; readonly seed: number } | null
  readonly trouble?: string
}

/** Tries some mutants, two at a time, and says what became of each. */
export async function tryMutants(
  ids: readonly string[],
  { seedsEach, atOnce }: { seedsEach: number; atOnce: number } = { seedsEach: 1_000, atOnce: 2 },
): Promise<Trial[]> {
  const chosen = allMutants.filter(({ id }) => ids.length === 0 || ids.includes(id))
  const trials: Trial[] = []
  const waiting = [...chosen]
  const worker = async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const trial = await tryMutant(mutant, seedsEach)
      trials.push(trial)
      console.log(line(trial))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return chosen.flatMap(({ id }) => trials.find(({ mutant }) => mutant.id === id) ?? [])
}

async function tryMutant(mutant: Mutant, seeds: number): Promise<Trial> {
  const play = (directory: string, more: readonly string[]) => simulate(directory, seeds, more)
  try {
    if ('world' in mutant)
      return judged(mutant, await play(join(import.meta.dirname, '..'), ['--world', mutant.world]))
    using copy = patchedCopy(mutant)
    return judged(mutant, await play(join(copy.directory, 'simulation'), []))
  } catch (error) {
    if (!(error instanceof PatchError)) throw error
    return { mutant, caught: null, trouble: error.message }
  }
}

function judged(mutant: Mutant, { totals, output }: { totals: Totals | null; output: string }): Trial {
  if (totals === null)
    return { mutant, caught: null, trouble: output.trim().split('\n').slice(-4).join('\n') }
  if (totals.violations === 0) return { mutant, caught: null }
  return { mutant, caught: { seeds: totals.seeds, by: totals.invariant ?? '?', seed: totals.seed ?? 0 } }
}

/** Runs the copy's own simulation until its first violation. */
function simulate(
  directory: string,
  seeds: number,
  more: readonly string[],
): Promise<{ totals: Totals | null; output: string }> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    ...nodeFlags,
    join(directory, 'main.ts'),
    '--seeds',
    String(seeds),
    '--first',
    '--json',
    '--workers',
    '1',
    ...more,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  return new Promise((resolve) => {
    child.on('close', () => {
      try {
        resolve({ totals: JSON.parse(output.trim().split('\n').at(-1) ?? ''), output })
      } catch {
        resolve({ totals: null, output: errors || output })
      }
    })
  })
}

function line({ mutant, caught, trouble }: Trial): string {
  if (trouble) return `BROKEN    ${mutant.id}: ${trouble}`
  return caught
    ? `caught    ${mutant.id} after ${caught.seeds} seeds by ${caught.by}`
    : `SURVIVED  ${mutant.id}`
}

export function trialTable(trials: readonly Trial[]): string {
  return table([
    ['mutant', 'caught after', 'by', 'what it breaks'],
    ...trials.map(({ mutant, caught, trouble }) => [
      mutant.id,
      caught ? `${caught.seeds} seeds` : trouble ? 'does not fit' : 'SURVIVED',
      caught?.by ?? '',
      mutant.breaks,
    ]),
  ])
}

import { spawn } from 'node:child_process'

// Run by `npm run check`: the one gate. Every step runs, and the last line says which failed.

const steps: [name: string, command: string, ...args: string[]][] = [
  ['biome', 'biome', 'ci', '--error-on-warnings', '.'],
  ['tsc', 'tsc', '-p', '.'],
  ['boundaries', 'turbo', 'boundaries', '--no-color'],
  ['knip', 'knip'],
  ['docs', 'node', 'scripts/docs/main.ts', '--check'],
]

function run(command: string, args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  child.stderr.on('data', (chunk) => chunks.push(chunk))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ ok: false, output: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }))
  })
}

const failed: string[] = []
for (const [name, command, ...args] of steps) {
  const startedAt = performance.now()
  const { ok, output } = await run(command, args)
  console.log(
    `${ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
  )
  if (ok) continue
  failed.push(name)
  console.log(output.trimEnd())
}
console.log(failed.length === 0 ? 'check passed' : `check failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { DemoSystem } from '../../scripts/demo/system.ts'

export type { EchoRouter } from './echo.ts'

/** The echo in a process of its own, as compliance is. */
export async function startEcho({ secrets }: DemoSystem): Promise<AsyncDisposable & { url: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./echo.ts', import.meta.url))], {
    env: { ...process.env, TOKEN_PUBLIC_KEYS: JSON.stringify(secrets.publicKeys) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return {
    url: String(line).trim(),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

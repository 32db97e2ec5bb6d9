import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { DemoSystem } from '../../scripts/demo/system.ts'

export interface BenchProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
}

/** `clearance.check` with everything but storage, in a process of its own, as compliance is. */
export const startCheckWithoutStorage = ({ secrets }: DemoSystem): Promise<BenchProcess> =>
  start('check-without-storage.ts', { TOKEN_PUBLIC_KEYS: JSON.stringify(secrets.publicKeys) })

export interface Sender extends BenchProcess {
  send(
    texts: readonly { accountId: string; number: string }[],
    seconds: number,
  ): Promise<{ passed: number; calls: number; p50: number; p99: number; elapsedMs: number }>
}

export async function startSender({ secrets, urls }: DemoSystem): Promise<Sender> {
  const started = await start('sender.ts', {
    COMPLIANCE_URL: urls.compliance ?? '',
    TOKEN_PRIVATE_KEY: JSON.stringify(secrets.developerKey),
  })
  return {
    ...started,
    async send(texts, seconds) {
      started.child.send({ texts, seconds })
      const [sent] = await once(started.child, 'message')
      return sent
    },
  }
}

export const startCarrier = (): Promise<BenchProcess> => start('carrier.ts', {})

/** Starts a program of this folder that prints its URL as its first line. */
async function start(
  file: string,
  env: Record<string, string>,
): Promise<BenchProcess & { child: ChildProcess }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./${file}`, import.meta.url))], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it served`)
  })
  ended.catch(() => {})
  const [line] = await Promise.race([once(child.stdout as Readable, 'data'), ended])
  return {
    child,
    url: String(line).trim(),
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

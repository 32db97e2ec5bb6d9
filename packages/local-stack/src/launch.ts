import { basename } from 'node:path'
import { stackConfig } from './config.ts'
import { InfraEndedError, NoInfraError, onceGone, receiveEnvironment, thisDevRun } from './dev-run.ts'
import { serviceProcess } from './services.ts'
import { type RunningProcess, startProcess } from './start-process.ts'
import { stopSignal, untilAborted } from './stop-signal.ts'

/**
 * What an app's `dev` script runs: the service with the environment that dev-infra made for this very run. A
 * service that dies is not started again and takes nothing else down.
 */
async function launch(name: string): Promise<void> {
  const run = thisDevRun()
  if (!run) throw new NoInfraError('only "npm run dev" at the top starts it: the services need each other')
  const stopping = stopSignal()
  using _watch = onceGone(run.chain, () => stopping.abort())
  const environment = await receiveEnvironment(run, name, stopping.signal)
  const { ready: _, ...spec } = serviceProcess({ name, recordName: name, environment, sink: say })
  const args = stackConfig().isWatching ? ['--watch', '--watch-preserve-output', ...spec.args] : spec.args
  await using service = await startProcess({ ...spec, args }, run.folder)
  void service.exited.then((how) => {
    if (!stopping.signal.aborted) say(`${name} ended (${ending(how)}); the others go on without it`)
  })
  await untilAborted(stopping.signal)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function ending({ code, signal }: Awaited<RunningProcess['exited']>): string {
  return signal ?? `code ${code}`
}

const name = basename(process.cwd())
try {
  await launch(name)
} catch (error) {
  // dev-infra has said why it ended; the same from every service would bury it.
  const isTold = error instanceof InfraEndedError || (error instanceof Error && error.name === 'AbortError')
  if (!isTold) {
    process.stderr.write(`${name}: ${error instanceof NoInfraError ? error.message : error}\n`)
    process.exitCode = 1
  }
}

import { AlreadyRunningError, NatsMissingError, onceGone, stopSignal, thisDevRun } from '@heed/local-stack'
import { startDevInfra } from './dev-infra.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

const stopping = stopSignal()
try {
  const run = thisDevRun()
  using _watch = onceGone(run?.chain ?? [], () => stopping.abort())
  if (!run) throw new AlreadyRunningError('start the whole system with "npm run dev" at the top')
  await using infra = await startDevInfra({ run, say, stopping: stopping.signal })
  await infra.untilStopped()
} catch (error) {
  const isForPeople = error instanceof AlreadyRunningError || error instanceof NatsMissingError
  if (!stopping.signal.aborted) {
    process.stderr.write(`${isForPeople ? error.message : (error as Error).stack}\n`)
    process.exitCode = 1
  }
}

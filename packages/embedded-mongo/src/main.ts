import { readConfig } from './config.ts'
import { startEmbeddedMongo } from './server.ts'

const stopWithinMs = 5000

async function main(): Promise<void> {
  const server = await startEmbeddedMongo({
    ...readConfig(process.argv.slice(2)),
    log: (line) => process.stderr.write(`embedded-mongo: ${line}\n`),
  })
  const stop = (): void => {
    setTimeout(() => process.exit(1), stopWithinMs).unref()
    void server[Symbol.asyncDispose]()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.stdout.write(`${server.url}\n`)
}

main().catch((error: unknown) => {
  process.stderr.write(`embedded-mongo: ${(error as Error).message}\n`)
  process.exitCode = 1
})

import { openJournal } from '../../src/store/journal.ts'

/* Appends until the journal has refused three times, tells what it took, and again when a line comes in. */

const [dataDir = ''] = process.argv.slice(2)
const journal = openJournal(dataDir)
const text = 'x'.repeat(20_000)

async function fill(prefix: string, most: number) {
  const taken: string[] = []
  const refused: string[] = []
  const errors = new Set<string>()
  for (let n = 0; refused.length < 3 && taken.length < most; n++) {
    const id = `${prefix}${n}`
    const message = { id, carrierAccount: 'AC1', from: '+15550001111', to: '+15550002222', text }
    const body = {
      kind: 'message',
      message: { ...message, receivedAt: '2025-01-01T12:00:00.000Z', via: 'webhook' },
    } as const
    await journal.append({ id, lane: 'commit', at: n, body }).then(
      () => taken.push(id),
      (error: Error) => {
        refused.push(id)
        errors.add(`${error.name}: ${error.message}`)
      },
    )
  }
  const entries = Number((await journal.stats().catch(() => null))?.commit.entries ?? -1)
  process.stdout.write(`${JSON.stringify({ taken, refused, errors: [...errors], entries })}\n`)
}

await fill('full:', 10_000)
process.stdin.once('data', () => fill('room:', 10).then(() => process.exit()))

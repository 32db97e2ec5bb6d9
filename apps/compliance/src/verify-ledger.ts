import { parseArgs } from 'node:util'
import { connectMongo } from '@heed/mongo'
import { surroundings } from './surroundings.ts'
import { verifyLedgers } from './use-cases/verify-ledger.ts'

// Run by `npm run verify-ledger [-- --database NAME]`, on MONGODB_URL or on what `.heed/run.json` names.

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { database: { type: 'string' } } })
  await using mongo = await connectMongo({
    url: (await surroundings()).mongodbUrl,
    appName: 'heed-verify-ledger',
    purpose: 'ordinary',
    signal: AbortSignal.timeout(10_000),
  })
  const { databases } = await mongo.client.db().admin().listDatabases({ nameOnly: true })
  const names = databases.map(({ name }) => name).filter((name) => /^heed_compliance(_|$)/.test(name))
  const chosen = values.database ? names.filter((name) => name === values.database) : names
  if (chosen.length === 0) throw new Error('there is no compliance database on this server')
  const totals = { accounts: 0, rows: 0, faults: 0 }
  for (const name of chosen) {
    for await (const { accountId, rows, blocked, faults } of verifyLedgers(mongo.db(name))) {
      console.log(`${name} ${accountId}: ${rows} changes, ${blocked} blocks stand, ${faults.length} faults`)
      for (const fault of faults) console.log(`  ${fault}`)
      totals.accounts += 1
      totals.rows += rows
      totals.faults += faults.length
    }
  }
  console.log(`${totals.accounts} accounts, ${totals.rows} changes, ${totals.faults} faults`)
  process.exitCode = totals.faults === 0 ? 0 : 1
}

await main().catch((error) => {
  console.error(`verify-ledger: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 2
})

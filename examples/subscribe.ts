import { readFileSync, writeFileSync } from 'node:fs'
import type { ComplianceRouter } from '@heed/compliance/router'
import { createTRPCClient, httpLink } from '@trpc/client'
import { connect } from 'nats'

const { COMPLIANCE_URL, NATS_URL, TOKEN, BLOCKLIST_FILE = 'blocklist.json' } = process.env
const headers = { authorization: `Bearer ${TOKEN}` }
const compliance = createTRPCClient<ComplianceRouter>({
  links: [httpLink({ url: `${COMPLIANCE_URL}/trpc`, methodOverride: 'POST', headers })],
})
const copy = load()

/** Applies the change that follows the last one; older ones are known already. */
function apply(change: { rev: number; number: string; list: string; op: string }): void {
  if (change.rev !== copy.rev + 1) return
  copy.rev = change.rev
  if (change.op === 'block') copy.blocked[`${change.number} ${change.list}`] = change.rev
  if (change.op === 'lift') delete copy.blocked[`${change.number} ${change.list}`]
  writeFileSync(BLOCKLIST_FILE, JSON.stringify(copy))
}

/** Fills a gap, and begins again where the account has a new epoch. */
async function catchUp(): Promise<void> {
  for (;;) {
    const page = await compliance.consent.changes.query({ accountId: 'acme', after: copy.rev })
    if (page.epoch !== copy.epoch) {
      const isNew = copy.epoch === ''
      Object.assign(copy, { epoch: page.epoch, ...(isNew ? {} : { rev: 0, blocked: {} }) })
      if (!isNew) continue
    }
    for (const change of page.changes) apply(change)
    if (copy.rev >= page.rev)
      return console.log(`at rev ${copy.rev}: ${Object.keys(copy.blocked).length} blocked`)
  }
}

function load(): { epoch: string; rev: number; blocked: Record<string, number> } {
  try {
    return JSON.parse(readFileSync(BLOCKLIST_FILE, 'utf8'))
  } catch {
    return { epoch: '', rev: 0, blocked: {} }
  }
}

const nats = await connect({ servers: NATS_URL ?? '' })
const events = nats.subscribe('consent.v1.acme')
await catchUp()
setInterval(catchUp, 60_000).unref()
for await (const message of events) {
  const event = message.json<{ epoch: string; rev: number; number: string; list: string; op: string }>()
  if (event.epoch === copy.epoch && event.rev <= copy.rev + 1) apply(event)
  else await catchUp()
}

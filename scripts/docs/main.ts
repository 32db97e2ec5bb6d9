import { readFileSync, writeFileSync } from 'node:fs'
import { campaignRouter } from '@heed/campaign/router'
import { complianceRouter } from '@heed/compliance/router'
import { contactsRouter } from '@heed/contacts/router'
import { crmRouter } from '@heed/crm/router'
import { consentChanged, consentProvisional, contactsChanged, deliveryReported } from '@heed/events'
import { inboundRouter } from '@heed/inbound-sms/router'
import { messagesRouter } from '@heed/messages/router'
import { quietHoursTable } from '@heed/quiet-hours'
import { sequenceRouter } from '@heed/sequence/router'
import { withAlarms } from './alarms-section.ts'
import { apiPage } from './api-page.ts'
import { eventsPage } from './events-page.ts'
import { keywordsPage } from './keywords-page.ts'
import { quietHoursPage } from './quiet-hours-page.ts'

// Run by `npm run docs` to write the generated pages, with --check to compare them instead.

/** A router is described by its schemas alone, so whatever it asks of its use cases is never called. */
const nothing: never = new Proxy(() => nothing, { get: () => nothing }) as never

const pages: Record<string, string> = {
  'docs/api.md': apiPage([
    { name: 'inbound-sms', port: 4000, router: inboundRouter(nothing) },
    { name: 'compliance', port: 4001, router: complianceRouter(nothing) },
    { name: 'campaign', port: 4003, router: campaignRouter(nothing) },
    { name: 'contacts', port: 4002, router: contactsRouter(nothing) },
    { name: 'sequence', port: 4004, router: sequenceRouter(nothing) },
    { name: 'messages', port: 4005, router: messagesRouter(nothing) },
    { name: 'crm', port: 4006, router: crmRouter(nothing) },
  ]),
  'docs/quiet-hours.md': quietHoursPage(quietHoursTable),
  'docs/operations.md': withAlarms(readFileSync('docs/operations.md', 'utf8')),
  'docs/keywords.md': keywordsPage(),
  'docs/events.md': eventsPage([consentChanged, consentProvisional, contactsChanged, deliveryReported]),
}

const isCheck = process.argv.includes('--check')
for (const [path, page] of Object.entries(pages)) {
  if (!isCheck) {
    writeFileSync(path, page)
    continue
  }
  let standing = ''
  try {
    standing = readFileSync(path, 'utf8')
  } catch {}
  if (standing === page) continue
  console.error(`${path} is stale: run "npm run docs" and commit it`)
  process.exitCode = 1
}
